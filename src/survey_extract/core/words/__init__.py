"""Text goes in, its words, numbers and names come out: what amounts, ranking and the check read by; start at tokens.py."""
