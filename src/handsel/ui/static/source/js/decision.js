// The button of a decision says what it will do: “Approve 18:00, return 1:00”.
import { say } from "./duration.js";

function sums(form) {
  const found = { approve: 0, return: 0 };
  const counts = { approve: 0, return: 0 };
  for (const row of form.querySelectorAll("[data-decision]")) {
    const chosen = row.querySelector("input[type=radio]:checked")?.value;
    if (!(chosen in found)) continue;
    found[chosen] += Number(row.dataset.seconds || 0);
    counts[chosen] += 1;
  }
  return { found, counts };
}

function show(form) {
  const { found, counts } = sums(form);
  const parts = [];
  if (counts.approve) parts.push(`Approve ${say(found.approve)}`);
  if (counts.return) parts.push(`${parts.length ? "return" : "Return"} ${say(found.return)}`);
  const button = form.querySelector("[data-decision-act]");
  if (button) button.textContent = parts.join(", ") || "Decide";
  for (const shown of form.querySelectorAll("[data-approved]")) shown.textContent = say(found.approve);
}

for (const form of document.querySelectorAll("form:has([data-decision])")) {
  show(form);
  form.addEventListener("change", () => show(form));
  form.querySelector("[data-approve-all]")?.addEventListener("click", () => {
    for (const radio of form.querySelectorAll("[data-decision] input[value=approve]")) radio.checked = true;
    show(form);
  });
}
