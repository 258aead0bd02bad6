"""The review page on a shared machine: whoever holds the printed address is let in, and nobody else sees anything."""

from __future__ import annotations

import http.client
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookies import SimpleCookie
from itertools import product
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_extract.review.security import Entrance
from survey_extract.review.server import way_in
from tests.conftest import Folder
from tests.papers.make import HARBOR
from tests.review.conftest import Reviewing, reviewing
from tests.servers.loopback import Request, Response, serving

CELL = "/cell/file-papers-harbor.md/training_methods"
ROUTES = [
    "/", "/?key=file-papers-harbor.md", CELL, f"{CELL}?state=all", "/sheet/file-papers-harbor.md/training_methods/1",
    "/picture/{document}/1.png", "/source/file-papers-harbor.md/accept", "/static/review.js", "/static/review.css",
    "/static/icon.svg", "/undo", "/no-such-page", "//", "/static/../",
]  # fmt: skip
POSTS = [CELL, f"{CELL}/check", "/source/file-papers-harbor.md/accept", "/undo", "/"]


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reviewing]:
    """A server on a survey of one source of ours."""
    folder = Folder(tmp_path_factory.mktemp("entrance"), {"SURVEY_READERS": "1"})
    folder.ok("init")
    text = "\n\n".join(f"## {heading}\n\n" + "\n\n".join(parts) for heading, parts in HARBOR.sections)
    folder.write("papers/harbor.md", f"# Harbor\n\n{HARBOR.abstract}\n\n{text}\n")
    folder.sources("./papers/harbor.md,Harbor")
    folder.ok("refresh")
    with reviewing(folder) as review:
        yield review


def secret_of(review: Reviewing) -> str:
    return parse_qs(urlsplit(review.address).query)["token"][0]


def ask(
    review: Reviewing, method: str, path: str, *, host: str | None = None, **headers: str
) -> tuple[http.client.HTTPResponse, str]:
    """A request of somebody who knows the port alone; the answer and its body."""
    connection = http.client.HTTPConnection(review.host, timeout=20)
    body = "token=&verdict=a" if method == "POST" else None
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    own = {"Host": host} if host else {}
    connection.request(
        method, path, body, form | own | {name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    try:
        return answer, answer.read().decode()
    finally:
        connection.close()


def kept(review: Reviewing) -> str:
    """The cookie as a browser sends it back."""
    cookie = SimpleCookie(ask(review, "GET", "/?token=" + secret_of(review))[0].headers["Set-Cookie"])
    ((name, morsel),) = cookie.items()
    return f"{name}={morsel.value}"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_without_the_secret_no_route_gives_anything(review: Reviewing, method: str) -> None:
    """Each route, below the page's own path or not, by each method, without a cookie, with a made one, one of another port or a wrong secret: one plain page that tells no secret."""
    port = urlsplit(review.url).port
    strangers = [
        "", f"survey-extract-{port}=", f"survey-extract-{port}=guess", f"survey-extract-{port}={secret_of(review)}",
        kept(review).replace(str(port), "1", 1),
    ]  # fmt: skip
    for path in (*ROUTES, *POSTS):
        for base, cookie in [
            *(("", cookie) for cookie in (*strangers, kept(review))),
            *product([review.base], strangers),
        ]:
            answer, said = ask(review, method, base + path, cookie=cookie)
            assert answer.status == 403, (method, path, cookie)
            assert answer.headers["Content-Type"].startswith("text/plain")
            assert (answer.headers["Set-Cookie"], answer.headers["Location"]) == (None, None)
            assert said == "" if method == "HEAD" else "open the whole address that the command printed" in said
            assert secret_of(review) not in said
            assert review.base not in said
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_only_the_one_right_secret_is_exchanged(review: Reviewing, method: str) -> None:
    """Wrong, empty, cut, longer, in other letters, given twice (even if both are right): nothing."""
    secret = secret_of(review)
    wrong = [
        "guess", "", secret[:-1], secret + "A", secret.swapcase(), f"{secret}&token=guess", f"guess&token={secret}",
        f"{secret}&token={secret}", "%00", "%ff", "%F0%9F%94%91", "é".encode().hex(),
    ]  # fmt: skip
    for given in wrong:
        for path in ("/", CELL, "/static/review.js"):
            answer, _ = ask(review, method, f"{path}?token={given}")
            assert (answer.status, answer.headers["Set-Cookie"]) == (403, None), given
    assert ask(review, method, f"/?token={secret}", host="evil.example")[0].status == 403
    assert ask(review, "POST", f"/undo?token={secret}")[0].status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_secret_is_exchanged_for_a_cookie_and_leaves_the_address(review: Reviewing, method: str) -> None:
    """HttpOnly, SameSite=Strict, for the page's own path and this session; its value is not the secret; no Referer carries that."""
    secret = secret_of(review)
    for path, place in (
        ("/?token={}", "/"),
        ("/?state=all&token={}", "/?state=all"),
        (CELL + "?token={}", CELL),
        (review.base + CELL + "?token={}", CELL),
        ("//evil.example/?token={}", "/evil.example/"),
        (review.base + "//evil.example/?token={}", "/evil.example/"),
    ):
        answer, said = ask(review, method, path.format(secret))
        assert (answer.status, answer.headers["Location"], said) == (303, review.base + place, "")
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        ((name, morsel),) = SimpleCookie(answer.headers["Set-Cookie"]).items()
        assert name == f"survey-extract-{urlsplit(review.url).port}"
        assert morsel["httponly"]
        assert (morsel["samesite"].lower(), morsel["path"], morsel["domain"]) == ("strict", review.base, "")
        assert (morsel["expires"], morsel["max-age"]) == ("", "")
        assert morsel.value != secret
        assert not {secret, morsel.value} & set(review.base.split("/"))
    let_in, said = ask(review, "GET", f"{review.base}/", cookie=f"a=b; {kept(review)}; c=d")
    assert let_in.status == 200
    assert secret not in said + str(let_in.headers)


def test_a_server_on_another_port_is_not_sent_what_opens_the_page(review: Reviewing, browser: Browser) -> None:
    """Another user's server, opened in the reviewer's browser, by links, frames, forms and requests of its page, and at each route of ours: all that it is sent, replayed, opens nothing."""
    tags = [
        f'<img src="{host}{path}"><iframe src="{host}{path}"></iframe>'
        for host in ("", f"http://{review.host}")
        for path in ROUTES
    ]
    script = f"fetch('http://{review.host}/', {{credentials: 'include', mode: 'no-cors'}}).finally(() => document.title = 'done')"
    made = f"<title>x</title>{''.join(tags)}<script>{script}</script>".encode()
    context = browser.new_context()
    page = context.new_page()

    def answer(request: Request) -> Response:
        return Response(
            200, made if request.path == "/elsewhere" else b"<title>done</title>", {"Content-Type": "text/html"}
        )

    with serving(answer) as evil:
        review.let_in(page)
        expect(page.locator("h1")).to_contain_text("to decide")
        for path in ("/elsewhere", *ROUTES[:3]):
            page.goto(evil.url + path)
            page.wait_for_function("document.title == 'done'")
        page.goto(review.url)
        expect(page.locator("h1")).to_contain_text("to decide")
        sent = list(evil.requests)
    context.close()
    assert {request.path for request in sent} >= {"/elsewhere", "/undo", CELL}
    told = {(name, value) for request in sent for name, value in request.headers.items()}
    assert not [value for _, value in told if review.base in value]
    cookies = {value for name, value in told if name.lower() == "cookie"} or {""}
    for path in (*ROUTES, *(request.path for request in sent)):
        for cookie in cookies:
            assert ask(review, "GET", path, cookie=cookie)[0].status == 403


def test_a_second_sitting_does_not_log_the_first_one_out(review: Reviewing, page: Page) -> None:
    """One browser, two ports: both pages go on; neither cookie opens the other."""
    with reviewing(review.folder) as second:
        review.let_in(page)
        second.let_in(page)
        for sitting in (review, second, review):
            page.goto(sitting.url)
            expect(page.locator("h1")).to_contain_text("to decide")
        for base in (review.base, second.base):
            assert ask(second, "GET", f"{base}/", cookie=kept(review))[0].status == 403


def test_a_browser_that_comes_from_the_file_is_let_in_and_tells_nobody(
    review: Reviewing, browser: Browser, tmp_path: Path
) -> None:
    """A real browser on the file that the command opens: the address that stays holds no secret, no request carries it as Referer, and no script sees the cookie."""
    page, told = browser.new_page(), list[str]()
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    port = urlsplit(review.url).port
    assert port is not None
    file = way_in(tmp_path, Entrance(port, secret_of(review)))
    page.goto(file.as_uri())
    page.wait_for_url(f"{review.url}/")
    assert secret_of(review) not in page.url
    expect(page.locator("h1")).to_contain_text("to decide")
    page.locator(".cells a").first.click()
    page.wait_for_selector("body[data-ready]")
    assert not [referer for referer in told if secret_of(review) in referer]
    assert page.evaluate("document.cookie") == ""
    page.go_back()
    assert page.url == f"{review.url}/"
    page.close()


BROWSER = """#!{python}
import pathlib, sys, urllib.parse, os
file = pathlib.Path(urllib.parse.unquote(urllib.parse.urlsplit(sys.argv[1]).path))
seen = "\\n".join([" ".join(sys.argv), oct(file.stat().st_mode), oct(file.parent.stat().st_mode), file.read_text()])
pathlib.Path({seen!r}).with_suffix(".part").write_text(seen)
os.replace(pathlib.Path({seen!r}).with_suffix(".part"), {seen!r})
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_secret_is_in_no_list_of_processes_and_no_file_stays(
    review: Reviewing, tmp_path: Path, end: signal.Signals
) -> None:
    """The browser is started with the name of a file that its owner alone can read, and however the sitting ends, that is gone."""
    browser, seen, folder = tmp_path / "browser", tmp_path / "seen", tmp_path / "temporary"
    folder.mkdir()
    browser.write_text(BROWSER.format(python=sys.executable, seen=str(seen)))
    browser.chmod(0o700)
    command = [sys.executable, "-m", "survey_extract", "--project", str(review.folder.path), "review"]
    env = os.environ | review.folder.env | {"BROWSER": f"{browser} %s", "TMPDIR": str(folder), "SURVEY_REVIEWER": "Ada"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
    try:
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/\?token=(\S+)", process.stderr.readline())
        assert address
        while not seen.exists() and process.poll() is None:
            time.sleep(0.05)
        started_with, file_mode, folder_mode, text = seen.read_text().split("\n", 3)
        assert address[1] not in started_with
        assert address[1] in text
        assert stat.S_IMODE(int(file_mode, 8)) == 0o600
        assert stat.S_IMODE(int(folder_mode, 8)) == 0o700
        time.sleep(0.3)
        process.send_signal(end)
        process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert not list(folder.rglob("review.html"))
    assert not list(folder.glob("survey-extract-*"))


ORIGINS = [
    "http://[::1",
    "http://[v1.x]",
    "null",
    "",
    "https://{host}",
    "http://{host}.evil",
    "http://{host}@evil",
    "http://[fe80::1%25x]:3",
]


@pytest.mark.parametrize("origin", ORIGINS)
def test_any_other_origin_is_refused_whatever_it_looks_like(review: Reviewing, origin: str) -> None:
    """Only this page's own origin may post, its scheme included; what is no address is no defect of ours."""
    given = origin.format(host=review.host)
    request = urllib.request.Request(review.url + CELL, b"token=", {"Origin": given})
    with pytest.raises(urllib.error.HTTPError) as refused:
        review.open(request)
    with refused.value as answer:
        assert answer.code == 403
        assert "comes from another page" in answer.read().decode()


@pytest.mark.parametrize(
    "path", ["/?start=%C2%B2", "/?start=--5", "/?start=%D9%A3", f"/picture/{'0' * 64}/{'9' * 5_000}.png", f"{CELL}?zoom=%E2%91%A0"]
)  # fmt: skip
def test_no_number_in_an_address_is_a_defect(review: Reviewing, path: str) -> None:
    """Signs that Python calls digits and cannot read as a number, and numbers of thousands of digits."""
    assert status(review, path) in (200, 403, 404)


def status(review: Reviewing, path: str) -> int:
    """What the opener is answered."""
    try:
        with review.open(path) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
