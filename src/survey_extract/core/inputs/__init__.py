"""The text of sources.csv or fields.toml goes in, sources or fields come out, or the line that is wrong: start at sources.py."""
