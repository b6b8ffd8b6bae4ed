// The running timer counts on; the server holds the truth.
import { say } from "./duration.js";

const shown = document.querySelectorAll("[data-since]");
function tick() {
  for (const output of shown) {
    const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(output.dataset.since)) / 1000));
    output.textContent = say(seconds - (seconds % 60));
  }
}
if (shown.length) setInterval(tick, 5000);
