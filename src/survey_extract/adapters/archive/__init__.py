"""Records go in, files come out, and back: start at folder.py."""
