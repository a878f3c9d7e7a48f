// Keys that every page of the desk has: "?" shows which there are, and a full stop and a letter lead to another page.
// Whoever writes in a field only writes, and whoever turned single keys off is never surprised by one (WCAG 2.1.4).

const sheet = document.querySelector("[data-keys]");
const isOn = sheet.querySelector("[data-keys-on]");
const failed = sheet.querySelector("[data-keys-failed]");
const ways = new Map([...document.querySelectorAll("a[data-press]")].map((one) => [one.dataset.press, one]));
const AWAIT = 3000;
let leading = 0;

// What lies under "More" closes again when one goes elsewhere; without a script a press on it does that.
const more = document.querySelector(".more");
document.addEventListener("click", (event) => { if (more && !more.contains(event.target)) more.open = false; });
more?.addEventListener("focusout", (event) => { if (event.relatedTarget && !more.contains(event.relatedTarget)) more.open = false; });
more?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !more.open) return;
  more.open = false;
  more.querySelector("summary").focus();
});

for (const one of document.querySelectorAll("[data-help]")) {
  one.hidden = false;
  one.addEventListener("click", () => sheet.showModal());
}
sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
isOn.addEventListener("change", keep);
document.addEventListener("keydown", press, true);

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || !isOn.checked) return;
  if (document.querySelector("dialog[open]") || isWriting(event.target)) return;
  if (event.key === "Shift") return;
  const isLed = Date.now() - leading < AWAIT && event.key.length === 1;
  leading = event.key === "." ? Date.now() : 0;
  if (event.key === "?") sheet.showModal();
  else if (isLed) ways.get(event.key.toLowerCase())?.click();
  else if (event.key !== ".") return;
  event.preventDefault();
  event.stopPropagation();
}

function isWriting(target) {
  return Boolean(target.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit], .number-field)"));
}

// The account keeps it, and no browser does. When that fails it counts for this page.
async function keep() {
  const form = isOn.form;
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), redirect: "manual", signal: AbortSignal.timeout(8000),
    });
    failed.hidden = answer.type === "opaqueredirect";
  } catch {
    failed.hidden = false;
  }
}
