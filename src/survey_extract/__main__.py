"""``python -m survey_extract`` is ``survey-extract``."""

from survey_extract.cli import main

main()
