// The button of a decision says what it will do: “Approve 18:00, return 1:00”; the sums beside it say the same.
import { say } from "./duration.js";

function sums(form) {
  const found = { approve: 0, return: 0 };
  const counts = { approve: 0, return: 0 };
  let owed = 0;
  for (const row of form.querySelectorAll("[data-decision]")) {
    const chosen = row.querySelector("input[type=radio]:checked")?.value;
    if (!(chosen in found)) continue;
    found[chosen] += Number(row.dataset.seconds || 0);
    counts[chosen] += 1;
    if (chosen === "approve") owed += minorUnits(row.querySelector(".claim-owed"));
  }
  return { found, counts, owed };
}

// 2775 of “€27.75”, 900 of “900 JPY”; nothing where no amount is shown.
function minorUnits(cell) {
  return Number(cell?.textContent.replace(/\D/g, "") || 0);
}

// Writes a sum as the page wrote the first one: the same sign, currency and number of decimals.
function showOwed(cell, owed) {
  cell.dataset.form ||= cell.textContent.trim();
  const [, before, , decimals = "", after] = cell.dataset.form.match(/^(\D*)([\d,]+)(?:\.(\d+))?(.*)$/) || [];
  if (before === undefined) return;
  const digits = { minimumFractionDigits: decimals.length, maximumFractionDigits: decimals.length };
  cell.textContent = `${before}${(owed / 10 ** decimals.length).toLocaleString("en", digits)}${after}`;
}

function show(form) {
  const { found, counts, owed } = sums(form);
  const parts = [];
  if (counts.approve) parts.push(`Approve ${say(found.approve)}`);
  if (counts.return) parts.push(`${parts.length ? "return" : "Return"} ${say(found.return)}`);
  const button = form.querySelector("[data-decision-act]");
  if (button) button.textContent = parts.join(", ") || "Decide";
  for (const shown of form.querySelectorAll("[data-approved]")) shown.textContent = say(found.approve);
  for (const shown of form.querySelectorAll("[data-approved-owed]")) showOwed(shown, owed);
}

for (const form of document.querySelectorAll("form:has([data-decision])")) {
  show(form);
  form.addEventListener("change", () => show(form));
  form.querySelector("[data-approve-all]")?.addEventListener("click", () => {
    for (const radio of form.querySelectorAll("[data-decision] input[value=approve]")) radio.checked = true;
    show(form);
  });
}
