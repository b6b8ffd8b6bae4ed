// Ctrl-K or / opens what the link “Find or do anything” leads to, in place; without script the link is the way.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector(".palette-list");
let asked = 0;
let pause;

async function find() {
  const turn = ++asked;
  const address = new URL(dialog.dataset.url, location.href);
  address.searchParams.set("q", input.value);
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  if (turn !== asked) return;
  if (!answer?.ok) {
    list.textContent = "The search does not answer. Press Enter to open its page.";
    return;
  }
  list.innerHTML = await answer.text();
  mark(0);
}

function mark(at) {
  const links = [...list.querySelectorAll("a")];
  const index = (at + links.length) % (links.length || 1);
  links.forEach((link, n) => (n === index ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  links[index]?.scrollIntoView({ block: "nearest" });
}

const current = () => [...list.querySelectorAll("a")].findIndex((link) => link.hasAttribute("aria-current"));

export function open() {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  input.select();
  find();
}

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-palette]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(find, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(current() + (event.key === "ArrowDown" ? 1 : -1));
    }
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    const link = list.querySelector("a[aria-current]");
    if (!link) return;
    event.preventDefault();
    location.assign(link.href);
  });
}
