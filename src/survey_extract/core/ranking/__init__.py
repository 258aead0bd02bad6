"""A text and a field go in, its sentences by how well they answer it come out: start at relevance.py."""
