// The week: arrows and Enter move between boxes, a pasted column fills downward, each box says back what it understood.
import { parse, say } from "./duration.js";

function place(box) {
  const cell = box.closest("td");
  return { column: cell.cellIndex, row: cell.parentElement };
}

function boxAt(row, column) {
  return row?.cells[column]?.querySelector("input[type=text]");
}

function move(box, key) {
  const { column, row } = place(box);
  const next = {
    ArrowUp: () => boxAt(row.previousElementSibling, column),
    ArrowDown: () => boxAt(row.nextElementSibling, column),
    Enter: () => boxAt(row.nextElementSibling, column),
    ArrowLeft: () => boxAt(row, column - 1),
    ArrowRight: () => boxAt(row, column + 1),
  }[key]?.();
  next?.focus();
  next?.select();
  return Boolean(next);
}

function atEdge(box, key) {
  if (key === "ArrowLeft") return box.selectionStart === 0 && (box.selectionEnd === 0 || box.selectionEnd === box.value.length);
  if (key === "ArrowRight") return box.selectionEnd === box.value.length && (box.selectionStart === box.selectionEnd || box.selectionStart === 0);
  return true;
}

function check(box, tidy) {
  const seconds = parse(box.value);
  box.title = seconds ? say(seconds) : "";
  if (seconds === null) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
  if (tidy && seconds) box.value = say(seconds);
}

function sum(table) {
  const cells = [...table.querySelectorAll("tbody td[data-day]")];
  const total = (chosen) => chosen.reduce((all, cell) => all + (parse(cell.querySelector("input")?.value || "") || 0), 0);
  for (const row of table.tBodies[0].rows) {
    const end = row.querySelector("[data-row-sum]");
    if (end) end.textContent = say(total(cells.filter((cell) => cell.parentElement === row)));
  }
  for (const shown of document.querySelectorAll("[data-sum]")) {
    shown.textContent = say(total(cells.filter((cell) => cell.dataset.day === shown.dataset.sum)));
  }
  for (const shown of document.querySelectorAll("[data-total]")) shown.textContent = say(total(cells));
}

function paste(event, box) {
  const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
  if (lines.length < 2 && !lines[0].includes("\t")) return;
  event.preventDefault();
  let { column, row } = place(box);
  for (const line of lines) {
    line.split("\t").forEach((text, n) => {
      const target = boxAt(row, column + n);
      if (!target || target.readOnly) return;
      target.value = text.trim();
      check(target, true);
    });
    row = row?.nextElementSibling;
  }
}

for (const table of document.querySelectorAll("[data-week]")) {
  const isBox = (element) => element.matches("input[type=text]");
  table.addEventListener("keydown", (event) => {
    if (!isBox(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!/^(Arrow|Enter)/.test(event.key) || !atEdge(event.target, event.key)) return;
    if (move(event.target, event.key) || event.key === "Enter") event.preventDefault();
  });
  table.addEventListener("input", (event) => {
    if (!isBox(event.target)) return;
    check(event.target, false);
    sum(table);
  });
  table.addEventListener("change", (event) => isBox(event.target) && check(event.target, true));
  table.addEventListener("paste", (event) => {
    if (!isBox(event.target)) return;
    paste(event, event.target);
    sum(table);
  });
}
