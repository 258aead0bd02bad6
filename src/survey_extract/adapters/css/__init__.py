"""A page and its style sheets go in, what each element looks like comes out, without a browser: start at sight.py."""
