"use strict";
// Search and filters over the rows of the page. What is chosen stands in the address, so that it can be sent to others.
const form = document.getElementById("filters");
const rows = [...document.querySelectorAll("article")].map((row) => ({
  row, facets: JSON.parse(row.dataset.facets), text: row.textContent.toLowerCase(),
}));

function chosen() {
  return [...new FormData(form)].filter(([, value]) => value);
}

function fits({ facets, text }, wanted) {
  return wanted.every(([name, value]) => name === "q"
    ? value.toLowerCase().split(/\s+/).every((word) => text.includes(word))
    : (facets[name] || []).includes(value));
}

function show() {
  const wanted = chosen();
  let shown = 0;
  for (const one of rows) {
    one.row.hidden = !fits(one, wanted);
    shown += one.row.hidden ? 0 : 1;
  }
  form.querySelector("output").value = wanted.length ? `${shown} of ${rows.length}` : "";
  const query = new URLSearchParams(wanted).toString();
  history.replaceState(null, "", (query ? `?${query}` : location.pathname) + location.hash);
}

for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name]) form.elements[name].value = value;
}
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector("button").addEventListener("click", () => { form.reset(); show(); });
show();
