"""The bytes of a web page or a model card go in, the words that a visitor sees come out: start at reader.py."""
