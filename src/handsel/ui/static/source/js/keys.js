// Single keys: never inside a box, never with a modifier, never over an open dialog except to close it.
import { open as openPalette } from "./palette.js";

const isBox = (element) => element?.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable=true]");
let afterG = 0;

function rows() {
  const found = document.querySelectorAll("[data-list] tbody tr, .needs > li, .conversations > li, [data-decision]");
  return [...found].filter((row) => row.offsetParent !== null);
}

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.hasAttribute("data-on") || row.contains(document.activeElement));
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  for (const row of all) row.removeAttribute("data-on");
  next.setAttribute("data-on", "");
  const target = next.querySelector("input[type=radio]:checked, a, input, button");
  target?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function decide(value) {
  const row = document.activeElement?.closest("[data-decision]") || document.querySelector("[data-decision][data-on]");
  const radio = row?.querySelector(`input[type=radio][value=${value}]`);
  if (!radio) return false;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  if (value === "return") row.querySelector("textarea")?.focus();
  else radio.focus();
  return true;
}

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

const acts = {
  "/": () => (openPalette(), true),
  "?": () => {
    const sheet = document.getElementById("keys");
    if (!sheet) return false;
    if (!sheet.open) sheet.showModal();
    return true;
  },
  j: () => (step(1), true),
  k: () => (step(-1), true),
  a: () => decide("approve"),
  r: () => decide("return"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isBox(event.target) || document.querySelector("dialog[open]")) return;
  const key = event.key;
  if (Date.now() - afterG < 1500 && /^[a-z]$/.test(key)) {
    afterG = 0;
    if (go(key)) event.preventDefault();
    return;
  }
  if (key === "g") {
    afterG = Date.now();
    return;
  }
  if (acts[key]?.()) event.preventDefault();
  else if (!acts[key] && /^[a-z]$/.test(key)) {
    const pressed = document.querySelector(`[data-key="${key}"]`);
    if (pressed) {
      event.preventDefault();
      pressed.click();
    }
  }
});
