"""x."""

from datetime import datetime
from pathlib import Path

from survey_extract.commands.evaluate import Found
from survey_extract.commands.survey import Survey


def write_page(survey: Survey, found: Found, now: datetime, place: Path) -> None:
    """x."""
