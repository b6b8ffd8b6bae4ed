// Links and buttons with data-open show the dialog of that id; without script a link leads to its page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const dialog = opener && document.getElementById(opener.dataset.open);
  if (dialog?.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  event.target.closest("[data-close]")?.closest("dialog")?.close();
  if (event.target.matches?.("dialog[open]")) event.target.close();
});
