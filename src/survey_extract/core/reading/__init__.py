"""Lines of a page go in, numbered sentences come out: layout.py puts the steps together, sentences.py ends them."""
