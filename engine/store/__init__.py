"""What is kept on disk: the library, the settings and where they lie."""
