"""Reading single fields of a model's card; each raises `ModelError` with a clause about it."""

from collections.abc import Mapping
from typing import Any

from engine.errors import ModelError


def text(values: Mapping[str, Any], key: str, *, default: str = "", required: bool = False) -> str:
    """A string (a number is written out); missing or null is ``default``."""
    value = values.get(key)
    if value is None and not required:
        return default
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or (required and not value.strip()):
        raise ModelError(f'"{key}" must be a text.')
    return value


def texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of strings."""
    listed = sequence(values, key)
    if not all(isinstance(each, str) for each in listed):
        raise ModelError(f'"{key}" must be a list of texts.')
    return tuple(listed)


def whole(
    values: Mapping[str, Any], key: str, low: int, high: int, *, default: int | None = None
) -> int:
    """A whole number from ``low`` to ``high``."""
    value = values.get(key, default)
    if value is None and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ModelError(f'"{key}" must be a whole number from {low} to {high}.')
    return value


def flag(values: Mapping[str, Any], key: str) -> bool:
    """True or false; missing is false."""
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise ModelError(f'"{key}" must be true or false.')
    return value


def sequence(values: Mapping[str, Any], key: str) -> list[Any]:
    """A list; missing or null is empty."""
    value = values.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ModelError(f'"{key}" must be a list.')
    return value


def mapping(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A JSON object; missing or null is empty."""
    value = values.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ModelError(f'"{key}" must be a JSON object.')
    return value
