"""Published rows go in, the README's table with its notes and links comes out: start at table.py."""
