"""A text goes in, the values of a type in it come out: numbers, dates, data sets; start at recognition.py."""
