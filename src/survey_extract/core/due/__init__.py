"""All that is known of a source goes in, what is to be asked of it comes out: start at due.py."""
