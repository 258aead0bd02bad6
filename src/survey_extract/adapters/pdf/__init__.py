"""A PDF's bytes go in, its text, its hidden words and its drawn tables come out: start at reader.py."""
