"""Music, sound, generation and storage: everything that needs neither Qt nor torch."""
