"""Papers on arXiv go in, where their latest versions are comes out, and what arXiv says of them: start at api.py."""
