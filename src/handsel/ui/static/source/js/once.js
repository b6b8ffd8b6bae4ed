// A second press within three seconds is harmless; the form's one-time key makes a later one harmless too.
const PAUSE = 3000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  const last = Number(form.dataset.sent || 0);
  if (Date.now() - last < PAUSE) event.preventDefault();
  else form.dataset.sent = String(Date.now());
});

// Coming back by the browser's history shows a form that may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".button-primary[type=submit]") || undefined);
});
