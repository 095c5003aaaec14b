"""The sections of the Settings page: each shows one part of the settings and asks for changes."""
