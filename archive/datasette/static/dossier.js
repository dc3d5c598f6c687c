// Keys for lists of articles and stories, on top of pages that work without them. No network, no storage, no markup from text.
"use strict";

const KEYS = [
  ["/", "to the search box"],
  ["j", "next in a list"],
  ["k", "the one before"],
  ["o, Enter", "open it"],
  ["?", "these keys"],
  ["Esc", "close, or leave the box"],
];

const LISTS = ".entries > .entry :is(h2, h3) a, .briefs > li h3 a, .timeline > li h2 a";
const results = () => [...document.querySelectorAll(LISTS)];

// The box of the page itself comes before the small one of the head.
const box = () => document.querySelector("main input[type=search]") || document.querySelector("input[type=search]");

function move(step) {
  const all = results();
  if (!all.length) return;
  const here = all.findIndex((one) => one.closest("li").contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step))];
  next.focus({ preventScroll: true, focusVisible: true });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next.closest("li").scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
}

function dialog() {
  const made = document.createElement("dialog");
  made.className = "keys";
  made.setAttribute("aria-labelledby", "keys");
  const title = document.createElement("h2");
  title.id = "keys";
  title.textContent = "Keys";
  const list = document.createElement("dl");
  for (const [key, does] of KEYS) {
    const name = document.createElement("dt");
    for (const one of key.split(", ")) name.appendChild(document.createElement("kbd")).textContent = one;
    list.append(name, Object.assign(document.createElement("dd"), { textContent: does }));
  }
  // A form of this kind closes its dialog without a script.
  const form = document.createElement("form");
  form.method = "dialog";
  form.appendChild(document.createElement("button")).textContent = "Close";
  made.append(title, list, form);
  return document.body.appendChild(made);
}

function showKeys() {
  const shown = document.querySelector("dialog.keys") || dialog();
  if (!shown.open) shown.showModal();
}

const ACTIONS = {
  "/": () => { box()?.focus(); box()?.select(); },
  j: () => move(1),
  k: () => move(-1),
  // Enter opens what has the focus without us.
  o: () => results().find((one) => one.closest("li").contains(document.activeElement))?.click(),
  "?": showKeys,
};

document.addEventListener("keydown", (event) => {
  // Keys with a modifier are the browser's; those that a field or an open dialog takes are text.
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = event.target.closest("input, textarea, select, [contenteditable]");
  if (field && event.key === "Escape") {
    event.preventDefault(); // a browser would empty the search box
    field.blur();
  }
  if (field || document.querySelector("dialog[open]")) return;
  const action = Object.hasOwn(ACTIONS, event.key) && ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

document.documentElement.classList.add("scripted"); // what speaks of keys is shown only where there are some
