"""The archive goes in, survey.duckdb comes out: start at build.py."""
