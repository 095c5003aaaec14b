@echo off
rem Tutti's one command on Windows: finds a Python that it can run on; packaging\launch.py does the rest.
rem Written with care and not yet tried on a Windows machine.
setlocal
set "ROOT=%~dp0"
set "ASK=import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))"

if defined TUTTI_PYTHON (
  "%TUTTI_PYTHON%" -S -E -c "%ASK%" >nul 2>nul && set "PYTHON="%TUTTI_PYTHON%"" && goto found
)
for %%V in (3.12 3.11) do (
  py -%%V -S -E -c "%ASK%" >nul 2>nul && set "PYTHON=py -%%V" && goto found
)
python -S -E -c "%ASK%" >nul 2>nul && set "PYTHON=python" && goto found

echo Tutti: needs Python 3.11 or 3.12, and none was found.>&2
echo   winget install Python.Python.3.12    brings one; then start tutti again.>&2
exit /b 1

:found
%PYTHON% -S -E "%ROOT%packaging\launch.py" %*
exit /b %ERRORLEVEL%
