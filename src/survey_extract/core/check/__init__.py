"""A value and the sentences cited for it go in, where each of its figures and names stands comes out: start at check.py."""

RULES = 9
"""The version of the rules in this folder. Checks that were made with others are not compared with theirs."""
