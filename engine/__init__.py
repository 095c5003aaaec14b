"""Music, sound, generation and storage: everything that needs neither Qt nor torch."""

import os

# Tutti works offline and tells nobody anything. onnxruntime's packages send reports of use and
# keep an identifier in the home folder unless this stands before their first import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
