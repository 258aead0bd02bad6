// Keys, the page of the source, and the live check. Every verdict is a form that works without this file.
"use strict";

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const token = one("meta[name=token]").content;

// --- the page of the source --------------------------------------------------

const source = one("[data-sheet]");
const form = one("#verdict");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const shown = { page: 1, zoom: 1, number: null };
// Two lists of sentences: behind the proposal (or an edit), and behind what stands. Clicks count for the active one.
const lists = Object.fromEntries(["evidence", "mine"].map((name) => [name, form ? form.elements[name].value.split(" ").filter(Boolean) : []]));
const active = () => form.elements.active.value;
const words = new Map(all(".quote").map((button) => [button.dataset.number, { text: button.firstChild.textContent.trim(), page: button.dataset.page }]));

// What is said of sentences that are not seen on the page as drawn, by number.
const marks = new Map(all(".quote").flatMap((button) => {
  const said = one(".unseen", button.parentElement);
  return said ? [[button.dataset.number, said.textContent]] : [];
}));

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
    sheet.setAttribute("aria-busy", "true"); // until its pictures are there, the page says that it is loading
    const answer = await ask(`${source.dataset.sheet}${page}?zoom=${zoom}`);
    const text = await answer?.text().catch(() => null);
    if (text == null) { sheet.removeAttribute("aria-busy"); return; }
    if (shown.page !== page || shown.zoom !== zoom) return; // turned on meanwhile
    const body = new DOMParser().parseFromString(text, "text/html").body;
    sheet.replaceChildren(...(answer.ok ? body.childNodes : body.querySelectorAll("main .told")));
    sheet.dataset.shown = wanted;
    await Promise.all(all("img", sheet).map((picture) => picture.decode().catch(() => null))); // its height is known now
    if (shown.page === page && shown.zoom === zoom) sheet.removeAttribute("aria-busy");
    all(".all-quotes button", sheet).forEach((item) => words.set(item.dataset.number, { text: item.textContent, page: item.dataset.page }));
  }
  mark();
  const first = number && one(`#sheet [data-number="${number}"]:not(button)`);
  const target = first || one(`#sheet .${active()}`) || one("#sheet .evidence, #sheet .mine");
  if (target) { // only the sheet scrolls: the reviewer's place on the page is left alone
    const [inner, outer] = [target.getBoundingClientRect(), sheet.getBoundingClientRect()];
    const above = Math.max(0, sheet.clientHeight - inner.height) / 2;
    const behavior = sheet.dataset.ready ? "smooth" : "instant";
    sheet.scrollBy({ top: inner.top - outer.top - Math.min(above, sheet.clientHeight / 3), left: inner.left - outer.left - 12, behavior: still.matches ? "instant" : behavior });
  }
  sheet.dataset.ready = wanted;
}

function mark() {
  all("#sheet rect, #sheet .sentence").forEach((place) => {
    Object.keys(lists).forEach((name) => place.classList.toggle(name, lists[name].includes(place.dataset.number)));
    place.classList.toggle("here", place.dataset.number === shown.number);
  });
  all("#sheet .all-quotes button").forEach((button) => button.setAttribute("aria-pressed", lists[active()].includes(button.dataset.number)));
  all(".quote").forEach((button) => button.classList.toggle("here", button.dataset.number === shown.number));
  all("[data-mark]").forEach((button) => button.setAttribute("aria-pressed", lists[active()].includes(button.dataset.mark)));
}

const listOf = (name) => one(`[data-list="${name}"] ol`);

function back(number) {
  shown.number = number;
  mark();
  const quote = one(`.quote[data-number="${number}"]`, listOf(active()));
  quote?.scrollIntoView({ block: "nearest" });
  quote?.focus({ preventScroll: true });
}

function list() {
  const listed = one("#sheet").classList.toggle("listed");
  if (listed) one("#sheet .all-quotes button")?.focus();
}

function toggle(number, name = active()) {
  lists[name] = lists[name].includes(number) ? lists[name].filter((other) => other !== number) : [...lists[name], number];
  form.elements[name].value = lists[name].join(" ");
  if (name === "evidence") form.elements.evidence_changed.value = "yes";
  listOf(name).replaceChildren(...lists[name].map(quoted));
  mark();
  checkSoon();
}

// From now on a click on a sentence counts for this list.
function take(name) {
  if (!listOf(name)) return;
  form.elements.active.value = name;
  all("[data-take]").forEach((button) => button.setAttribute("aria-pressed", button.dataset.take === name));
  mark();
  checkSoon();
}

function quoted(number) {
  const { text, page } = words.get(number) || { text: `sentence ${number}`, page: shown.page };
  const button = Object.assign(document.createElement("button"), { type: "button", className: "quote" });
  Object.assign(button.dataset, { number, page });
  const where = Object.assign(document.createElement("span"), { textContent: `page ${page}`, hidden: !document.querySelector("[data-where]") });
  button.append(`${text} `, where);
  const out = Object.assign(document.createElement("button"), { type: "button", className: "quiet out", textContent: "take out" });
  out.dataset.out = number;
  const item = document.createElement("li");
  item.append(button, " ", out);
  tell(item, number);
  return item;
}

function tell(item, number) {
  one(".unseen", item)?.remove();
  if (marks.has(number)) item.append(" ", Object.assign(document.createElement("strong"), { className: "unseen", textContent: marks.get(number) }));
}

if (source) {
  one("#sheet").addEventListener("click", (event) => {
    const place = event.target.closest("[data-number]");
    if (!place) return;
    const { number } = place.dataset;
    const goesBack = !place.matches("button") && lists[active()].includes(number) && shown.number !== number;
    if (goesBack) back(number); // the first click on evidence leads to its quote, the next takes it out
    else toggle(number);
  });
  all("[data-list]").forEach((section) => section.addEventListener("click", (event) => {
    const button = event.target.closest(".quote, .out, [data-take]");
    if (button?.dataset.take) take(button.dataset.take);
    else if (button?.dataset.out) toggle(button.dataset.out, section.dataset.list);
    else if (button) turnTo(Number(button.dataset.page), shown.zoom, button.dataset.number);
  }));
  one("[data-near]")?.addEventListener("click", (event) => { // what is offered becomes evidence only by being marked
    const button = event.target.closest(".quote, [data-mark]");
    if (button?.dataset.mark) toggle(button.dataset.mark);
    else if (button) turnTo(Number(button.dataset.page), shown.zoom, button.dataset.number);
  });
  one("[data-list-all]").addEventListener("click", list);
  all("[data-turn]").forEach((button) => button.addEventListener("click", () => turnTo(shown.page + Number(button.dataset.turn))));
  all("[data-zoom]").forEach((button) => button.addEventListener("click", () => turnTo(shown.page, shown.zoom + Number(button.dataset.zoom))));
  turnTo(Number(source.dataset.first));
}

// Of a web page, a browser looks for the sentences: that takes longer than the page may wait.
async function lookOnce() {
  const answer = await ask(`${location.pathname}/marks`);
  const { marks: told } = (answer?.ok && (await answer.json().catch(() => null))) || {};
  if (told) telling(told);
}

function telling(told) {
  Object.entries(told).forEach(([number, said]) => marks.set(number, said));
  all(".quote").forEach((button) => tell(button.parentElement, button.dataset.number));
}

if (one("details.drawn")) lookOnce();

// --- editing, with the same check live ----------------------------------------

let waiting = null;

function checkSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(checkNow, 250);
}

async function checkNow() {
  const value = isEditing() ? written() : one(active() === "mine" ? "#standing" : "#proposed, #standing")?.textContent || "";
  const body = new URLSearchParams({ token, value, evidence: lists[active()].join(" ") });
  const answer = await ask(`${location.pathname}/check`, { method: "POST", body });
  const { terms, reading, marks: told } = (answer?.ok && (await answer.json().catch(() => null))) || {};
  if (!terms) return;
  telling(told);
  one("#reading").textContent = (isEditing() && reading) || "";
  const list = Object.assign(document.createElement("ul"), { className: "terms" });
  list.append(...terms.map(({ text, place }) => {
    const item = Object.assign(document.createElement("li"), { className: place.replaceAll(" ", "-") });
    item.append(`${text} `, Object.assign(document.createElement("span"), { textContent: place }));
    return item;
  }));
  one("#findings").replaceChildren(list);
}

// What the text is written in: one box, or a set of boxes to tick.
const box = one("#value");
const ticks = box ? [...box.querySelectorAll("input")] : [];
const written = () => (ticks.length ? ticks.filter((tick) => tick.checked).map((tick) => tick.value).join(", ") : box.value);

function write(text) {
  if (ticks.length) ticks.forEach((tick) => { tick.checked = text.split(", ").includes(tick.value); });
  else if (box.tagName === "SELECT") box.value = text;
  else { box.select(); document.execCommand("insertText", false, text); }
}

const isEditing = () => document.body.classList.contains("editing");
const proposal = one("[data-proposal]");

// What was typed for a cell as it stands now is there again when its editing goes on, also after "No, leave it".
const draft = box && `draft ${location.pathname} ${form.elements.standing.value} ${form.elements.judged.value}`;
const keepDraft = () => sessionStorage.setItem(draft, written());
function fromDraft() {
  const kept = sessionStorage.getItem(draft);
  if (kept !== null && kept !== written()) write(kept);
}

function edit(open) {
  document.body.classList.toggle("editing", open);
  if (!open) { one("[data-edit]")?.focus(); return; }
  fromDraft();
  if (lists.mine.length) take("mine"); // what stands is the text in the box
  checkSoon(); // what is said below is said of the text in the box
  (ticks[0] || box).focus();
  box.scrollIntoView({ block: "nearest" });
}

// The proposal in place of what is in the box; the browser's own undo brings that back.
function fromProposal() {
  if (!proposal) return edit(true);
  edit(true);
  write(proposal.dataset.proposal);
  take("evidence");
}

if (form) {
  all("[data-edit]").forEach((button) => button.addEventListener("click", () => edit(true)));
  one("[data-leave]")?.addEventListener("click", () => edit(false));
  proposal?.addEventListener("click", fromProposal);
  box.addEventListener("input", () => { keepDraft(); checkSoon(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); press("e"); }
    if (event.code === "KeyP" && event.altKey) { event.preventDefault(); fromProposal(); }
    if (event.key === "Escape") { event.stopPropagation(); edit(false); }
  });
  form.addEventListener("submit", () => { sent = true; });
  if (isEditing()) checkSoon();
  window.addEventListener("pageshow", () => { sent = false; }); // come back to by the browser's own key
}

let sent = false;

function press(verdict) {
  const button = one(`button[form=verdict][name=verdict][value=${verdict}]`);
  if (button && !button.disabled && !sent) form.requestSubmit(button);
}

// --- keys ----------------------------------------------------------------------

const follow = (selector) => one(selector)?.click();
const keys = {
  a: () => form && press("a"), r: () => form && (one("button[form=verdict][value=r]") ? press("r") : press("x")),
  n: () => form && press("n"), m: () => form && press("m"), x: () => form && press("x"),
  e: () => form && edit(true), p: () => form && fromProposal(),
  t: () => form && take(active() === "mine" ? "evidence" : "mine"),
  Escape: () => follow("a[data-cancel]"),
  j: () => follow("a[data-next]"), k: () => follow("a[data-previous]"), q: () => follow("a[data-queue]"),
  u: () => one("#undo").requestSubmit(),
  "[": () => source && turnTo(shown.page - 1), "]": () => source && turnTo(shown.page + 1),
  "+": () => source && turnTo(shown.page, shown.zoom + 1), "-": () => source && turnTo(shown.page, shown.zoom - 1),
  s: () => source && list(),
  "?": () => one("#help").showModal(),
  ...Object.fromEntries(all("[data-mark]").map((button, at) => [String(at + 1), () => button.click()])),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
all(".filters select").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
all("[data-help]").forEach((button) => button.addEventListener("click", () => one("#help").showModal()));
document.body.dataset.ready = "yes";
