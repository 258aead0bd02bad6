"""Requests of ours go out to public addresses alone, answers come back within bounds of size and time: start at client.py."""
