"""A survey list as people left it goes in, what they changed and what is new comes out: start at read.py."""
