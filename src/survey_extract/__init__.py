"""A source is located, fetched, read, asked about, grounded in its sentences, decided on by a person, built into DuckDB and rendered into the README.

    sources.csv -> locate -> fetch -> read -> ask -> ground -> decide -> build -> render
                   where     bytes    text    cells  evidence  person    DuckDB   README

Start reading at ``pipeline/walk.py``; ``wiring.py`` names what does each step.
"""

__version__ = "0.1.0"
