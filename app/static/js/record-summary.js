// What keeps a record from being complete, with a link to each field: as the page without a script has it.
import { say } from "./record-words.js";

export function summaryOf(fields) {
  const box = document.querySelector("[data-summary]");
  let shown = [];

  function show(keys) {
    shown = keys;
    // One alone is said by its field, which has the focus.
    box.hidden = keys.length < 2;
    box.querySelector("h2").textContent = say("to-mend-count", { count: keys.length });
    box.querySelector("ul").replaceChildren(...keys.map(row));
  }

  function row(key) {
    const line = document.createElement("li");
    const why = fields.box(key).querySelector(".field-error")?.textContent ?? "";
    const link = Object.assign(document.createElement("a"), { href: `#${key}`, textContent: `${fields.labelOf(key)}: ${why}` });
    link.addEventListener("click", (event) => { event.preventDefault(); fields.focus(key); });
    line.append(link);
    return line;
  }

  return {
    show,
    // What has been mended since leaves the list; nothing comes to it by itself.
    keep(wrong) {
      const still = shown.filter((key) => wrong.includes(key));
      if (still.length < shown.length) show(still);
    },
  };
}
