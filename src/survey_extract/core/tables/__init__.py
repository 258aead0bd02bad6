"""Words of a page with their boxes go in, rows of tables come out: start at page.py."""
