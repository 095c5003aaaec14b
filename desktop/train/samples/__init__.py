"""What a network plays, epoch by epoch: pictures, sound, and a film of both."""
