// Type-ahead over the places that the list of the page holds: å, ä and ö may be typed as a and o.

const MOST = 8;
const PLAIN = { å: "a", ä: "a", ö: "o", é: "e", ü: "u", "-": " " };

function plain(text) {
  return [...text.toLowerCase()].map((sign) => PLAIN[sign] ?? sign).join("");
}

// A letter that was typed with its dots is meant with them; a plain one may stand for either.
function rank(name, typed) {
  const small = name.toLowerCase().replaceAll("-", " ");
  const flat = plain(small);
  const wanted = typed.toLowerCase().replaceAll("-", " ");
  for (let at = flat.indexOf(plain(wanted)); at >= 0; at = flat.indexOf(plain(wanted), at + 1)) {
    const isMeant = [...wanted].every((sign, place) => sign === small[at + place] || sign === flat[at + place]);
    if (isMeant) return at === 0 ? 0 : flat[at - 1] === " " ? 1 : 2;
  }
  return -1;
}

// none: what is said when nothing matches; leave: where the focus goes once it is chosen, or isn't; passesEscape: whether
// Escape is for others while no suggestions are open.
export function combobox(select, { none, leave, passesEscape = false }) {
  const label = document.querySelector(`label[for="${select.id}"]`);
  const options = [...select.options].filter((one) => one.value);
  const near = new Set(select.querySelector("optgroup").children);
  const input = Object.assign(document.createElement("input"), {
    id: `${select.id}-typed`, className: "form-control", autocomplete: "off", type: "text",
  });
  const list = Object.assign(document.createElement("ul"), { id: `${select.id}-list`, className: "suggestions", hidden: true });
  const status = Object.assign(document.createElement("p"), { className: "hint" });
  let at = 0;
  for (const [name, value] of Object.entries({
    "role": "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list", "spellcheck": "false",
  })) input.setAttribute(name, value);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label.firstChild.textContent.trim());
  status.setAttribute("role", "status");
  label.htmlFor = input.id;
  select.hidden = true;
  select.after(input, list, status);
  select.addEventListener("radrum:set", write);
  write();

  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", show);
  input.addEventListener("blur", () => { close(); if (!input.value.trim()) choose(null); else write(); });
  input.addEventListener("keydown", (event) => {
    const found = [...list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) show();
      else move((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && found[at]) choose(found[at].place);
      else if (!input.value.trim()) choose(null);
      go();
    } else if (event.key === "Escape") {
      const isForOthers = passesEscape && list.hidden;
      write();
      go();
      if (isForOthers) return;
      event.preventDefault();
      event.stopPropagation();
    }
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const one = event.target.closest("[role=option]");
    if (one) { choose(one.place); go(); }
  });

  function suggested(typed) {
    const byKey = options.filter((one) => one.dataset.key === typed);
    if (byKey.length) return byKey;
    return options
      .map((one, place) => ({ one, order: [rank(one.textContent, typed), near.has(one) ? 0 : 1, place] }))
      .filter(({ order }) => order[0] >= 0)
      .sort((a, b) => a.order[1] - b.order[1] || a.order[0] - b.order[0] || a.order[2] - b.order[2])
      .map(({ one }) => one);
  }

  function show() {
    const typed = input.value.trim();
    const found = typed ? suggested(typed).slice(0, options.some((one) => one.dataset.key === typed) ? 21 : MOST) : [];
    list.replaceChildren(...found.map(row));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = typed && !found.length ? none : "";
    if (found.length) move(0);
    else input.removeAttribute("aria-activedescendant");
  }

  function row(place, number) {
    const one = document.createElement("li");
    one.id = `${select.id}-${number}`;
    one.setAttribute("role", "option");
    one.place = place;
    one.textContent = place.textContent;
    if (place.dataset.hint) {
      one.append(Object.assign(document.createElement("span"), { className: "hint", textContent: ` ${place.dataset.hint}` }));
    }
    return one;
  }

  function move(to) {
    at = to;
    [...list.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function choose(place) {
    const value = place?.value ?? "";
    const isOther = select.value !== value;
    select.value = value;
    write();
    if (isOther) select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function write() {
    const chosen = select.value ? select.selectedOptions[0] : null;
    const isOfCounty = chosen?.value.includes(":");
    input.value = chosen ? (isOfCounty ? `${chosen.textContent} (${chosen.dataset.hint})` : chosen.textContent) : "";
  }

  function go() {
    close();
    leave(input);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    status.textContent = "";
  }
}
