"""A survey's own fields in the review page: each type is edited in what fits it, and the keys stay the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.error import HTTPError
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Folder, use_model
from tests.review.conftest import Reviewing, found_by_axe, press, reviewing
from tests.servers.loopback import serving
from tests.test_fields import SAYS, Model, own

__all__ = ["own"]

KEY = "file-papers-one.md"


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.mark.parametrize(
    ("field", "stored"),
    [("weights", "open"), ("released_code", "no"), ("parts", "text, audio"), ("compute", "at least 2,000 GPU-hours"), ("released", "2024-05"), ("home", "https://example.org/b")],
)  # fmt: skip
def test_each_type_has_a_form_that_fits_it(own: Folder, page: Page, field: str, stored: str) -> None:
    """The same keys open, write and save it; what was chosen is what is recorded; the page has no fault that axe finds."""
    own.ok("refresh")
    with reviewing(own, page) as review:
        page.goto(f"{review.url}/cell/{KEY}/{field}")
        press(page, "e")
        box = page.locator("#value")
        if field == "parts":
            expect(box.get_by_label("text")).to_be_focused()
            box.get_by_label("image").uncheck()
            box.get_by_label("audio").check()
        elif field in ("weights", "released_code"):
            expect(box).to_be_focused()
            box.select_option(stored)
        else:
            expect(box).to_be_focused()
            box.fill(stored)
        if field == "compute":
            expect(page.locator("#reading")).to_have_text("read as at least 2,000 GPU-hours")
        assert found_by_axe(page) == []
        press(page, "Control+Enter")
        reason = page.locator("input[name=reason]")
        if field in ("compute", "released", "home"):  # the source does not hold it
            reason.fill("I was told so.")
            page.locator("p.asking button.first").click()
        page.wait_for_url(lambda url: not url.endswith(f"/{field}"))
    cell = own.rows(f"SELECT value, state FROM cells WHERE key = '{KEY}' AND field = '{field}'")
    assert cell == [{"value": stored, "state": "edited"}]


def test_what_is_no_value_of_the_field_is_refused_and_kept_in_the_box(own: Folder, page: Page) -> None:
    """With what is allowed; nothing is recorded."""
    own.ok("refresh")
    with reviewing(own, page) as review:
        page.goto(f"{review.url}/cell/{KEY}/released")
        press(page, "e")
        page.locator("#value").fill("soon")
        expect(page.locator("#reading")).to_contain_text("is no date")
        press(page, "Control+Enter")
        expect(page.locator("[role=alert]").first).to_contain_text("Released: 'soon' is no date: YYYY-MM-DD")
        expect(page.locator("#value")).to_have_value("soon")
    assert own.rows(f"SELECT state FROM cells WHERE key = '{KEY}' AND field = 'released'") == [{"state": "proposed"}]


def test_what_is_no_longer_allowed_is_looked_at_and_mended(own: Folder, page: Page) -> None:
    """It heads the queue with why; choosing an option of today takes it out."""
    own.ok("refresh")
    with reviewing(own, page) as review:
        page.goto(f"{review.url}/cell/{KEY}/weights")
        press(page, "a")
        page.wait_for_url(lambda url: not url.endswith("/weights"))
    own.write("fields.toml", own.read("fields.toml").replace('"gated", ', ""))
    with serving(model_of(SAYS | {"weights": "open"})) as server:
        use_model(own, server)
        own.ok("refresh")
    with reviewing(own, page) as review:
        page.goto(review.url)
        expect(page.locator("main")).to_contain_text("no longer allowed")
        page.goto(f"{review.url}/cell/{KEY}/weights")
        press(page, "a")
        page.wait_for_url(lambda url: not url.endswith("/weights"))
    assert own.rows("SELECT weights FROM survey WHERE name = 'One'") == [{"weights": "open"}]
    assert own.rows("SELECT field FROM queue WHERE unfit IS NOT NULL") == []


def model_of(says: dict[str, object]) -> Model:
    made = Model()
    made.says = dict(says)
    return made


GETS = (
    "/", "/?field={0}", f"/cell/{KEY}/{{0}}", f"/cell/{KEY}/{{0}}/marks", f"/web/{KEY}/{{0}}/1.png", f"/sheet/{KEY}/{{0}}/1",
    f"/source/{KEY}/accept", "/picture/" + "0" * 64 + "/1.png",
)  # fmt: skip
POSTS: Mapping[str, Mapping[str, str]] = {
    f"/cell/{KEY}/{{0}}": {"verdict": "n", "judged": ""},
    f"/cell/{KEY}/{{0}}/check": {"value": "x"},
    f"/source/{KEY}/accept": {"judged-{0}": "0"},
    "/undo": {},
}
CHANGES: Mapping[str, Callable[[str], str]] = {
    "added": lambda text: text + '\n[licence]\nask = "Which."\n',
    "removed": lambda text: re.sub(r"\[weights\].*?(?=\n\[)", "", text, flags=re.DOTALL),
    "renamed": lambda text: text.replace("[weights]", '[access]\nwas = ["weights"]'),
    "retyped": lambda text: text.replace('"gated", ', ""),
    "broken": lambda text: text + "\n[licence\n",
}
NAMES = ("weights", "access", "licence", "nowhere")


def answers(review: Reviewing, token: str) -> dict[str, tuple[int, str]]:
    """What every route says of every name, as status and body."""
    asked = {path.format(name): None for path in GETS for name in NAMES} | {
        path.format(name) + ("#" + name if "{0}" not in path else ""): urlencode(
            {key.format(name): value for key, value in form.items()} | {"token": token}
        ).encode()
        for path, form in POSTS.items()
        for name in NAMES
    }
    found: dict[str, tuple[int, str]] = {}
    for path, data in asked.items():
        try:
            with review.open(path.partition("#")[0], data) as answer:
                found[path] = answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            found[path] = error.code, error.read().decode("utf-8", "replace")
    return found


def test_no_route_fails_when_the_fields_change_under_an_open_page(own: Folder, model: Model) -> None:
    """Each says that the review has to begin again, and decides nothing; once the file is as it was, all goes on, whatever was built between."""
    own.ok("refresh")
    as_it_was = own.read("fields.toml")
    with reviewing(own) as review:
        token = re.search(r'name="token" value="([^"]+)"', review.get(f"/cell/{KEY}/summary"))
        assert token
        for name, changed in CHANGES.items():
            own.write("fields.toml", changed(as_it_was))
            told = answers(review, token[1])
            assert {status for status, _ in told.values()} == {409}, name
            assert all("start it again" in body for _, body in told.values()), name
            if name in ("added", "renamed"):
                own.ok("refresh")
                assert {status for status, _ in answers(review, token[1]).values()} == {409}, name
        assert own.rows("SELECT key FROM decisions") == [] if name != "broken" else True
        own.write("fields.toml", "# a remark\n" + as_it_was)
        went_on = answers(review, token[1])
        assert max(status for status, _ in went_on.values()) < 500
        assert went_on["/"][0] == 200
        assert "KeyError" not in "".join(body for _, body in went_on.values())
