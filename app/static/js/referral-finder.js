// Shows what is known of a municipality as soon as it is chosen. Nothing is asked of the service for it, so no log learns
// which one it was.
import { combobox } from "./combobox.js";

export function finderOf(root) {
  const finder = root.querySelector("[data-finder]");
  const select = finder.querySelector("select");
  const found = finder.querySelector("[data-found-office]");
  const offices = new Map(JSON.parse(finder.dataset.offices).map((one) => [one.code, one]));
  finder.querySelectorAll("[data-without-script]").forEach((one) => { one.hidden = true; });
  finder.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  combobox(select, {
    none: finder.querySelector('template[data-words="no-municipality"]').content.textContent.trim(),
    leave: () => {},
    passesEscape: true,
  });
  select.addEventListener("change", show);

  function choose(code) {
    if (![...select.options].some((one) => one.value === code)) return;
    select.value = code;
    select.dispatchEvent(new Event("radrum:set"));
    show();
  }

  function show() {
    if (!select.value) {
      found.replaceChildren();
      return;
    }
    const office = offices.get(select.value);
    const part = finder.querySelector(office ? "template[data-office]" : "template[data-no-office]").content.cloneNode(true);
    part.querySelector("[data-name]").textContent = select.selectedOptions[0].textContent;
    if (office) fill(part, office);
    found.replaceChildren(part);
  }

  return { choose };
}

function fill(part, office) {
  for (const slot of part.querySelectorAll("[data-slot]")) {
    const name = slot.dataset.slot;
    slot.hidden = !office[name];
    const called = { number: office.dialled, day_number: office.day_dialled }[name];
    slot.querySelector("dd").replaceChildren(called ? link(office[name], called) : office[name] ?? "");
  }
  const warning = part.querySelector("[data-warning]");
  warning.hidden = !office.warning;
  warning.textContent = office.warning ?? "";
  const verified = part.querySelector("[data-verified]");
  verified.textContent = office.verified ? verified.dataset.words.replace("{day}", office.verified) : "";
}

function link(text, called) {
  return Object.assign(document.createElement("a"), { href: `tel:${called}`, textContent: text });
}
