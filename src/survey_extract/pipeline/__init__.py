"""Sources go in, outcomes come out: the path of one source (``walk``), all of them in one run (``run``), and what follows.

locate -> fetch -> read -> ask -> ground        one source: ``walk.Walk``
all sources at once, then the run's record      ``run.refresh``
the README's table                              ``render.rendered``
"""

from survey_extract.pipeline.again import text_again
from survey_extract.pipeline.ports import Ports
from survey_extract.pipeline.render import rendered
from survey_extract.pipeline.run import FAILURES, refresh
from survey_extract.pipeline.sight import Eyes
from survey_extract.pipeline.walk import Progress

__all__ = ["FAILURES", "Eyes", "Ports", "Progress", "refresh", "rendered", "text_again"]
