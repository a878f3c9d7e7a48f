// Somebody else changed what is being changed here: who, and to what; and which of the two is to stand.

export function conflicts({ form, fields, saves }) {
  const place = form.querySelector("[data-conflicts]");
  const template = document.querySelector("template[data-conflict]");

  function show(met) {
    const sent = [...met.sent.keys()];
    const about = new Set(met.theirs.map((one) => one.field));
    const free = sent.filter((key) => !about.has(key));
    // What met nothing is sent again by itself; but where their change would be cleared by it, it waits too.
    const isAlong = met.theirs.some((one) => !sent.includes(one.field));
    if (!isAlong) saves.release(free);
    met.theirs.forEach((one) => place.append(panel(one, sent.includes(one.field) ? [one.field] : free, met)));
    // Its words, and no button: a key that was meant for the record mustn't decide whose change stands.
    if (!isWriting()) place.querySelector("h2").focus();
  }

  // The next key belongs to the word that is being written, and presses no button.
  function isWriting() {
    return document.activeElement.matches("textarea, input:not([type=radio], [type=checkbox])");
  }

  function panel(one, keys, met) {
    const box = template.content.cloneNode(true).firstElementChild;
    const heading = box.querySelector("h2");
    heading.textContent = heading.textContent
      .replaceAll(/\{(\w+)\}/g, (_, key) => ({ ...one, by: one.by || "?" })[key] ?? "");
    box.querySelector("[data-theirs]").textContent = one.words || "–";
    box.querySelector("[data-yours]").textContent = keys
      .map((key) => (key === "note" ? fields.read(key)[0] : `${fields.labelOf(key)}: ${fields.wordsOf(key, fields.read(key))}`))
      .join("; ") || "–";
    box.querySelector("[data-keep]").addEventListener("click", () => done(box, keys));
    box.querySelector("[data-take]").addEventListener("click", () => {
      keys.forEach((key) => fields.write(key, key === "note" ? [met.note ?? ""] : met.values[key]));
      fields.show();
      done(box, keys);
    });
    return box;
  }

  function done(box, keys) {
    box.remove();
    saves.release(keys);
    const next = place.querySelector("h2");
    if (next) next.focus();
    else if (keys.length) fields.focus(keys[0]);
  }

  return { show };
}
