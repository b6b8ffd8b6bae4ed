// A form that wants to know where the person is gets the zone of the browser; without script it stays empty.
for (const box of document.querySelectorAll("input[data-zone]")) {
  if (!box.value) box.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
