// A toast stays for eight seconds, longer while the pointer or the focus is on it.
const SECONDS = 8;

for (const toast of document.querySelectorAll("[data-toast]")) {
  let left = SECONDS;
  const shown = toast.querySelector("[data-countdown]");
  const held = () => toast.matches(":hover, :focus-within");
  const say = () => shown && (shown.textContent = `${left} s`);
  say();
  const clock = setInterval(() => {
    if (held()) return;
    left -= 1;
    say();
    if (left > 0) return;
    clearInterval(clock);
    toast.remove();
  }, 1000);
}
