"""The Studio's rooms: recording, generating, listening, keeping, exporting."""
