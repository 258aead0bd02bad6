"""A value and the sentences cited for it go in, where each of its figures and names stands comes out: start at check.py."""
