"""Sources go in, outcomes come out: the path of one source (``path``), all of them in one run (``run``), and what follows.

locate -> fetch -> read -> ask -> ground        one source: ``path.Path``
all sources at once, then the run's record      ``run.refresh``
the README's table                              ``publish.rendered``
"""

from survey_extract.pipeline.obtain import text_again
from survey_extract.pipeline.path import Ports, Progress
from survey_extract.pipeline.publish import rendered
from survey_extract.pipeline.run import FAILURES, refresh

__all__ = ["FAILURES", "Ports", "Progress", "refresh", "rendered", "text_again"]
