// Runs before anything of the page: finds quotes, brings the first into sight, and tells where the letters of all are.
// Each page is drawn twice, once with these letters transparent: what differs between the two pictures is their ink.
"use strict";
(({ quotes, bare, name }) => {
  const LEAST = 6;
  const folded = (text) => [...text.normalize("NFKC").toLowerCase()].filter((one) => /[\p{L}\p{N}]/u.test(one));

  function printed(within) {
    const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest("script, style, noscript, template, textarea, title") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const letters = [], places = [];
    while (walker.nextNode()) {
      let at = 0;
      for (const one of walker.currentNode.data) {
        for (const letter of folded(one)) { letters.push(letter); places.push([walker.currentNode, at, one.length]); }
        at += one.length;
      }
    }
    return [letters.join(""), places];
  }

  // Where the longest beginning stands, part by part, each behind the one before if it can be.
  function parts(text, wanted) {
    const found = [];
    let at = 0;
    const find = (part) => { const behind = text.indexOf(part, at); return behind >= 0 ? behind : text.indexOf(part); };
    while (wanted.length >= (found.length ? LEAST : 1)) {
      let low = Math.min(LEAST, wanted.length), high = wanted.length + 1;
      if (find(wanted.slice(0, low)) < 0) break;
      while (low + 1 < high) {
        const middle = (low + high) >> 1;
        if (find(wanted.slice(0, middle)) >= 0) low = middle; else high = middle;
      }
      const start = find(wanted.slice(0, low));
      found.push([start, start + low]);
      at = start + low;
      wanted = wanted.slice(low);
    }
    return found;
  }

  const rangeOf = ([node, at, length]) => { const range = new Range(); range.setStart(node, at); range.setEnd(node, at + length); return range; };
  const isDrawn = (range) => [...range.getClientRects()].some((box) => box.width > 0 && box.height > 0);

  // All places of the whole quote are tried, since some pages hide a copy of visible words; the first that is drawn counts.
  function chosen(text, places, wanted) {
    for (let at = text.indexOf(wanted); at >= 0 && wanted; at = text.indexOf(wanted, at + 1)) {
      if (isDrawn(rangeOf(places[at]))) return [[at, at + wanted.length]];
    }
    return parts(text, wanted);
  }

  // A row of a table is looked for cell by cell, in the row that holds most of its own words under most of its headers.
  function rowOf(given) {
    const above = given.above.map(letters), own = given.own.map(letters);
    let best = null;
    for (const table of document.querySelectorAll("table")) {
      const rows = [...table.rows].map((row) => [...row.cells].map((cell) => ({ cell, text: letters(cell.textContent), marked: Boolean(cell.querySelector("sup")) })));
      rows.forEach((cells, at) => {
        const reaching = rows.slice(Math.max(0, at - 200), at).flat().filter(({ cell }) => cell.rowSpan !== 1);
        const found = own.map((words) => cells.find((one) => says(one, words)) ?? reaching.findLast((one) => says(one, words)));
        const score = found.filter((one) => one && cells.includes(one)).length + found.filter(Boolean).length / 1000;
        if (score && (!best || score >= best.least)) {
          const heads = above.map((words) => rows.slice(0, at).flat().findLast((one) => says(one, words)));
          const whole = score + heads.filter(Boolean).length;
          if (!best || whole > best.whole) best = { whole, least: score - above.length, found: [...found, ...heads] };
        }
      });
    }
    const wanted = [...own, ...above];
    return { letters: wanted.join("").length, ranges: wanted.flatMap((words, at) => best?.found[at] ? rangesIn(best.found[at].cell, [...words].length) : []) };
  }

  const letters = (text) => folded(text).join("");
  const says = ({ text, marked }, words) => words !== "" && (text === words || (marked && text.startsWith(words)));
  const rangesIn = (cell, count) => printed(cell)[1].slice(0, count).map(rangeOf);

  // What a person can scroll to within the page is shown as if it were scrolled to.
  function unrolled(element) {
    for (let one = element; one && one !== document.documentElement; one = one.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(one);
      if (![overflowX, overflowY].some((how) => ["auto", "scroll"].includes(how))) continue;
      one.style.setProperty("overflow", "visible", "important");
      one.style.setProperty("max-height", "none", "important");
    }
  }

  // A picture is taken of the page's beginning, wherever it was scrolled to: so the page itself is moved up.
  function moved(range) {
    const top = range ? range.getBoundingClientRect().top : 0;
    if (top < innerHeight - 200) return;
    document.documentElement.style.setProperty("position", "relative", "important");
    document.documentElement.style.setProperty("top", `${Math.round(400 - top)}px`, "important");
  }

  function bared(ranges) {
    CSS.highlights.set("quote", new Highlight(...ranges));
    document.head.append(Object.assign(document.createElement("style"), { textContent:
      "::highlight(quote) { color: transparent !important; -webkit-text-fill-color: transparent !important; -webkit-text-stroke-color: transparent !important; text-shadow: none !important }" }));
    for (const range of ranges) {
      for (let one = range.startContainer.parentElement; one; one = one.parentElement) {
        if (getComputedStyle(one).webkitBackgroundClip === "text") one.style.setProperty("background", "none", "important");
      }
    }
  }

  // A page may go on moving a while after it was loaded: where the letters are is told at last, with nothing changed after.
  addEventListener("load", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    for (const one of document.getAnimations()) { try { one.finish(); } catch { /* it has no end */ } }
    setTimeout(() => {
      const [text, places] = printed(document.body);
      const found = quotes.map((quote) => {
        if (typeof quote !== "string") return rowOf(quote);
        const wanted = folded(quote.replaceAll(/\[formula\]|\[code\]/g, " ")).join("");
        return { letters: wanted.length, ranges: chosen(text, places, wanted).flatMap(([start, end]) => places.slice(start, end).map(rangeOf)) };
      });
      for (const { ranges } of found) unrolled(ranges[0]?.startContainer.parentElement);
      moved(found.find(({ ranges }) => ranges.some(isDrawn))?.ranges.find(isDrawn));
      if (bare) bared(found.flatMap(({ ranges }) => ranges));
      setTimeout(() => tell(found), 500);
    }, 500);
  });

  function tell(found) {
    const told = found.map(({ letters, ranges }) => ({ letters, boxes: ranges.map((range) => {
      const { x, y, width, height } = range.getBoundingClientRect();
      return [x, y, width, height];
    }) }));
    document.documentElement.setAttribute(name, JSON.stringify({ window: [innerWidth, innerHeight], quotes: told }));
  }
})(GIVEN);
