"""A question goes to an OpenAI-compatible endpoint, a booked reply comes back: start at engine.py."""
