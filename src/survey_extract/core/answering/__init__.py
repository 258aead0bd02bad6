"""A text and fields go in, what the engine without a model answers comes out: start at answers.py."""
