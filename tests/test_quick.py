"""`make quick` begins with the tests that are nearest to what changed."""

from __future__ import annotations

from tests.quick import LONG, near

CORE = "tests/core/test_dates.py"
TESTS = {
    CORE: "from survey_extract.core.values.dates import read\n",
    LONG: "from survey_extract.core.values.dates import read\n",
    "tests/adapters/test_html.py": "from survey_extract.adapters.html.reader import read_html\n",
    "tests/test_readers.py": "    import survey_extract.adapters.html.reader\n",
    "tests/adapters/test_html_hidden.py": "from survey_extract.adapters.html.hidden import hidden\n",
    "tests/review/test_page.py": "from tests.servers.world import World\n",
    "tests/test_world.py": "from tests.servers.world import World\n",
}


def test_changed_tests_come_first_then_small_ones_of_changed_modules_then_the_core() -> None:
    """A module is known by its whole name; helpers of the tests are modules, too."""
    files = ["README.md", "src/survey_extract/adapters/html/reader.py", "tests/test_world.py"]
    assert near(files, TESTS) == ["tests/test_world.py", "tests/adapters/test_html.py", CORE]
    assert near(["tests/servers/world.py"], TESTS) == ["tests/review/test_page.py", CORE]


def test_long_tests_are_run_when_they_changed_themselves() -> None:
    """Whole commands, and the growth of the core's patterns."""
    assert near(["src/survey_extract/core/values/dates.py"], TESTS) == [CORE]
    assert near([LONG, "tests/test_readers.py"], TESTS) == [LONG, "tests/test_readers.py", CORE]


def test_what_leads_to_no_test_leads_to_the_core() -> None:
    """Documents, deleted tests, and what every test imports."""
    assert near(["docs/nightly.md", "tests/test_gone.py", "tests/conftest.py"], TESTS) == [CORE]
