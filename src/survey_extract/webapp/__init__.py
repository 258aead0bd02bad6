"""The review page: a desk goes in, a small web server on loopback comes out."""
