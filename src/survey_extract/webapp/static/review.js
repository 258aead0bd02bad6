// Keys, the page of the source, and the live check. Every verdict is a form that works without this file.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const token = one("meta[name=token]").content;

// --- the page of the source --------------------------------------------------

const source = one("[data-sheet]");
const form = one("#verdict");
const shown = { page: 1, zoom: 1, number: null };
let evidence = form ? form.elements.evidence.value.split(" ").filter(Boolean) : [];
const words = new Map(all(".quote").map((button) => [button.dataset.number, { text: button.firstChild.textContent.trim(), page: button.dataset.page }]));

// The answer, or null when the server does not answer: it was ended, or the page is being left.
async function ask(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    const sheet = one("#sheet");
    if (sheet && !sheet.firstElementChild) sheet.textContent = "The review server does not answer. Is it still running?";
    return null;
  }
}

async function turnTo(page, zoom = shown.zoom, number = null) {
  const pages = Number(source.dataset.pages);
  if (page < 1 || page > pages || zoom < 0 || zoom > 3) return;
  Object.assign(shown, { page, zoom, number });
  const wanted = `${page} ${zoom}`;
  const sheet = one("#sheet");
  const where = one("[data-where]");
  if (where) where.textContent = `page ${page} of ${pages}`;
  if (sheet.dataset.shown !== wanted) {
    const answer = await ask(`${source.dataset.sheet}${page}?zoom=${zoom}`);
    const text = await answer?.text().catch(() => null);
    if (text == null) return;
    if (shown.page !== page || shown.zoom !== zoom) return; // turned on meanwhile
    sheet.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    sheet.dataset.shown = wanted;
    await Promise.all(all("img", sheet).map((picture) => picture.decode().catch(() => null))); // its height is known now
    all(".all-quotes button", sheet).forEach((item) => words.set(item.dataset.number, { text: item.textContent, page: item.dataset.page }));
  }
  mark();
  const first = number && one(`#sheet [data-number="${number}"]:not(button)`);
  const target = first || one("#sheet .evidence");
  if (target) { // only the sheet scrolls: the reviewer's place on the page is left alone
    const [inner, outer] = [target.getBoundingClientRect(), sheet.getBoundingClientRect()];
    sheet.scrollBy(0, inner.top - outer.top - sheet.clientHeight / 2);
  }
  sheet.dataset.ready = wanted;
}

function mark() {
  all("#sheet rect, #sheet .sentence").forEach((place) => {
    place.classList.toggle("evidence", evidence.includes(place.dataset.number));
    place.classList.toggle("here", place.dataset.number === shown.number);
  });
  all("#sheet .all-quotes button").forEach((button) => button.setAttribute("aria-pressed", evidence.includes(button.dataset.number)));
  all(".quote").forEach((button) => button.classList.toggle("here", button.dataset.number === shown.number));
}

function back(number) {
  shown.number = number;
  mark();
  const quote = one(`#quotes .quote[data-number="${number}"]`);
  quote?.scrollIntoView({ block: "nearest" });
  quote?.focus({ preventScroll: true });
}

function list() {
  const listed = one("#sheet").classList.toggle("listed");
  if (listed) one("#sheet .all-quotes button")?.focus();
}

function toggle(number) {
  evidence = evidence.includes(number) ? evidence.filter((other) => other !== number) : [...evidence, number];
  form.elements.evidence.value = evidence.join(" ");
  form.elements.evidence_changed.value = "yes";
  one("#quotes").replaceChildren(...evidence.map(quoted));
  mark();
  checkSoon();
}

function quoted(number) {
  const { text, page } = words.get(number) || { text: `sentence ${number}`, page: shown.page };
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quote" });
  Object.assign(button.dataset, { number, page });
  const where = Object.assign(document.createElement("span"), { textContent: `page ${page}` });
  button.append(`${text} `, where);
  const out = Object.assign(document.createElement("button"), { type: "button", className: "quiet out", textContent: "take out" });
  out.dataset.out = number;
  const item = document.createElement("li");
  item.append(button, " ", out);
  return item;
}

if (source) {
  one("#sheet").addEventListener("click", (event) => {
    const place = event.target.closest("[data-number]");
    if (!place) return;
    const { number } = place.dataset;
    const goesBack = !place.matches("button") && evidence.includes(number) && shown.number !== number;
    if (goesBack) back(number); // the first click on evidence leads to its quote, the next takes it out
    else toggle(number);
  });
  one("#quotes").addEventListener("click", (event) => {
    const button = event.target.closest(".quote, .out");
    if (button?.dataset.out) toggle(button.dataset.out);
    else if (button) turnTo(Number(button.dataset.page), shown.zoom, button.dataset.number);
  });
  one("[data-list]").addEventListener("click", list);
  all("[data-turn]").forEach((button) => button.addEventListener("click", () => turnTo(shown.page + Number(button.dataset.turn))));
  all("[data-zoom]").forEach((button) => button.addEventListener("click", () => turnTo(shown.page, shown.zoom + Number(button.dataset.zoom))));
  turnTo(Number(source.dataset.first));
}

// --- editing, with the same check live ----------------------------------------

let waiting = null;

function checkSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(checkNow, 250);
}

async function checkNow() {
  const body = new URLSearchParams({ token, value: form.elements.value.value, evidence: evidence.join(" ") });
  const answer = await ask(`${location.pathname}/check`, { method: "POST", body });
  const { terms } = (answer?.ok && (await answer.json().catch(() => null))) || {};
  if (!terms) return;
  const list = Object.assign(document.createElement("ul"), { className: "terms" });
  list.append(...terms.map(({ text, place }) => {
    const item = Object.assign(document.createElement("li"), { className: place.replace(" ", "-") });
    item.append(`${text} `, Object.assign(document.createElement("span"), { textContent: place }));
    return item;
  }));
  one("#findings").replaceChildren(list);
}

function edit(open) {
  one("#edit").hidden = !open;
  (open ? form.elements.value : one("[data-edit]")).focus();
}

if (form) {
  one("[data-edit]").addEventListener("click", () => edit(true));
  one("[data-leave]").addEventListener("click", () => edit(false));
  form.elements.value.addEventListener("input", checkSoon);
  form.elements.value.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); press("e"); }
    if (event.key === "Escape") edit(false);
  });
  // A text that was not edited is not an edit: Enter in the reason field must not choose a verdict.
  form.elements.reason.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}

let sent = false;

function press(verdict) {
  const button = one(`#verdict button[name=verdict][value=${verdict}]`);
  if (!button || button.disabled || sent) return;
  sent = true;
  form.requestSubmit(button);
}

// --- keys ----------------------------------------------------------------------

const follow = (selector) => one(selector)?.click();
const keys = {
  a: () => press("a"), r: () => press("r"), n: () => press("n"), e: () => form && edit(true),
  j: () => follow("a[data-next]"), k: () => follow("a[data-previous]"), q: () => follow("a[data-queue]"),
  u: () => one("#undo").requestSubmit(),
  "[": () => source && turnTo(shown.page - 1), "]": () => source && turnTo(shown.page + 1),
  "+": () => source && turnTo(shown.page, shown.zoom + 1), "-": () => source && turnTo(shown.page, shown.zoom - 1),
  s: () => source && list(),
  "?": () => one("#help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
all("[data-help]").forEach((button) => button.addEventListener("click", () => one("#help").showModal()));
document.body.dataset.ready = "yes";
