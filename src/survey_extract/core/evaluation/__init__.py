"""Answers and what they should have been go in, how often they are right comes out: start at evaluate.py."""
