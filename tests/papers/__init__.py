"""Documents made by the tests, with text of our own."""
