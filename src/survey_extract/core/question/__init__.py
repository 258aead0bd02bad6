"""Texts and fields go in, questions to a model come out, and their replies are read: start at prompt.py."""
