// “Did you mean 2:15 or 1:45?” becomes two buttons that fill the box.
function offer(error) {
  const box = error.closest(".field")?.querySelector("input:not([type=hidden])");
  const found = /^(.*Did you mean )(\S+)(?: or (\S+))?\?(.*)$/su.exec(error.textContent.trim());
  if (!box || !found) return;
  const [, before, ...rest] = found;
  const after = rest.pop();
  error.textContent = before;
  rest.filter(Boolean).forEach((answer, n) => {
    if (n) error.append(" or ");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: answer });
    button.addEventListener("click", () => {
      box.value = answer.replace(/,(?=\d{3})/g, "");
      box.removeAttribute("aria-invalid");
      box.focus();
    });
    error.append(button);
  });
  error.append(`?${after}`);
}

document.querySelectorAll(".field-error").forEach(offer);
