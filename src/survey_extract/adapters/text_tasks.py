"""Importing this loads what workers do with texts: once, in the process that they are forked from."""

from survey_extract.core.answering.answers import answers_of
from survey_extract.core.audit import audits_of
from survey_extract.core.check.carrying import carrying
from survey_extract.core.check.grounding import grounded
from survey_extract.core.due.due import agenda_of
from survey_extract.core.ranking.offered import offered
from survey_extract.core.ranking.relevance import select

__all__ = ["agenda_of", "answers_of", "audits_of", "carrying", "grounded", "offered", "select"]
