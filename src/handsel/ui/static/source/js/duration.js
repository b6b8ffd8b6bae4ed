// The same reading of lengths of time as on the server: 1:30, 1.5, 1,5, 1h30m, 90m; whole numbers to 24 are hours.

/** Seconds that the text means; 0 for an empty box; null where it means nothing. */
export function parse(text) {
  const words = text.trim().toLowerCase().replace(/\s+/g, " ");
  if (!words) return 0;
  let found = /^(\d{0,3}):([0-5]?\d)(?::([0-5]?\d))?$/.exec(words);
  if (found) return Number(found[1] || 0) * 3600 + Number(found[2]) * 60 + Number(found[3] || 0);
  if (/^\d{1,3}[.,]\d{1,2}$/.test(words)) return Math.round(Number(words.replace(",", ".")) * 3600);
  if (/^\d{1,2}$/.test(words) && Number(words) <= 24) return Number(words) * 3600;
  found = /^(?:(\d{1,3}(?:[.,]\d{1,2})?) ?h(?:ours?)?)? ?(?:(\d{1,4}) ?m(?:in(?:utes?)?)?)? ?(?:(\d{1,5}) ?s)?$/.exec(words);
  if (!found || !found.slice(1).some(Boolean)) return null;
  return Math.round(Number((found[1] || "0").replace(",", ".")) * 3600) + Number(found[2] || 0) * 60 + Number(found[3] || 0);
}

/** H:MM, and H:MM:SS only where seconds are left over. */
export function say(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  const two = (number) => String(number).padStart(2, "0");
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}${rest ? `:${two(rest)}` : ""}`;
}
