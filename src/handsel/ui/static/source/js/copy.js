// Copy a link; the box beside it can be copied by hand where the browser does not allow it.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.lastChild;
  const word = text.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    text.textContent = " Copied";
  } catch {
    button.parentElement.querySelector("input")?.select();
    text.textContent = " Press Ctrl C";
  }
  setTimeout(() => (text.textContent = word), 2000);
});
