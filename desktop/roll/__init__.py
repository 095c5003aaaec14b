"""The lanes of piano rolls: pure geometry, painting, and one small class a gesture."""
