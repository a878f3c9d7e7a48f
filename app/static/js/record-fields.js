// The fields of the form as lists of words, which of them apply, and what is wrong with them.
import { say } from "./record-words.js";

export function fieldsOf(form, rules) {
  const keys = Object.keys(rules.groups);
  const hasNote = form.elements.note !== undefined;
  const stored = new Map();
  const kept = new Map();
  keys.forEach((key) => stored.set(key, read(key)));
  if (hasNote) stored.set("note", read("note"));

  function box(key) {
    return key === "note" ? form.querySelector("[data-note]") : form.querySelector(`[data-group="${key}"]`);
  }

  function inputs(key) {
    return [...box(key).querySelectorAll(`[name="${key}"]`)];
  }

  function read(key) {
    if (key === "note") return [form.elements.note.value];
    return inputs(key)
      .filter((one) => (one.type !== "radio" && one.type !== "checkbox") || one.checked)
      .map((one) => one.value.trim())
      .filter((word) => word);
  }

  function write(key, words) {
    for (const one of inputs(key)) {
      if (one.type === "radio" || one.type === "checkbox") one.checked = words.includes(one.value);
      else one.value = words[0] ?? "";
      one.dispatchEvent(new Event("radrum:set", { bubbles: true }));
    }
  }

  function same(one, other) {
    return one.length === other.length && one.every((word, place) => word === other[place]);
  }

  function differs(key) {
    return !same(read(key), stored.get(key));
  }

  function isReferred() {
    const { referred } = rules;
    return referred !== null && read(referred.group).some((code) => referred.codes.includes(code));
  }

  function applies(key) {
    if (isReferred() && !rules.referred.keeps.includes(key)) return false;
    if (key === "note") return true;
    return Object.entries(rules.groups[key].applies).every(([other, codes]) =>
      read(other).some((code) => codes.includes(code)));
  }

  // What no longer applies is empty: the server forgets it with the same answer. In the page it is remembered, and back
  // when it applies again: a wrong key costs nothing. A note is never emptied unasked.
  function show() {
    const only = isReferred() ? rules.referred.only : {};
    for (const [key, code] of Object.entries(only)) set(key, [code], true);
    for (const key of keys) {
      const is = applies(key);
      box(key).hidden = !is;
      if (!is) set(key, [], true);
      else if (!(key in only) && kept.has(key)) set(key, kept.get(key), false);
    }
    if (hasNote) box("note").hidden = !applies("note") && !read("note")[0];
  }

  function set(key, words, isForNow) {
    if (isForNow && !kept.has(key) && read(key).length) kept.set(key, read(key));
    if (!isForNow) kept.delete(key);
    if (!same(read(key), words)) write(key, words);
  }

  // A choice that stands by itself takes the others away, and the other way round.
  function tidy(changed) {
    const alone = rules.groups[changed.name]?.alone ?? {};
    if (changed.type !== "checkbox" || !changed.checked) return;
    const goTogether = (one, other) =>
      !((one in alone && !alone[one].includes(other)) || (other in alone && !alone[other].includes(one)));
    for (const one of inputs(changed.name)) {
      if (one !== changed && one.checked && !goTogether(one.value, changed.value)) one.checked = false;
    }
  }

  function focusable(key) {
    const all = inputs(key).filter((one) => !one.hidden);
    const proxy = box(key).querySelector("[role=combobox]");
    return proxy ?? all.find((one) => one.checked) ?? all[0];
  }

  // A hint stays what it is: of a description the error's own part comes and goes.
  function describe(one, error, isWrong) {
    const ids = new Set((one.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== error));
    if (isWrong) ids.add(error);
    if (ids.size) one.setAttribute("aria-describedby", [...ids].join(" "));
    else one.removeAttribute("aria-describedby");
    if (isWrong) one.setAttribute("aria-invalid", "true");
    else one.removeAttribute("aria-invalid");
  }

  function setError(key, words) {
    clearError(key);
    const error = Object.assign(document.createElement("p"), {
      className: "field-error", id: `${key}-error`, textContent: words,
    });
    const field = box(key).querySelector(".field");
    field.classList.add("has-error");
    const first = field.querySelector("label, legend");
    first.after(error);
    describe(focusable(key), error.id, true);
  }

  function clearError(key) {
    if (key === "note") return;
    box(key).querySelector(".field")?.classList.remove("has-error");
    box(key).querySelector(".field-error")?.remove();
    box(key).querySelectorAll("[aria-describedby], [aria-invalid]").forEach((one) => describe(one, `${key}-error`, false));
  }

  function labelOf(key) {
    const label = (box(key).querySelector("legend, label") ?? box(key)).cloneNode(true);
    label.querySelectorAll("kbd, .optional").forEach((one) => one.remove());
    return label.textContent.trim();
  }

  function wordsOf(key, words) {
    const labels = inputs(key)
      .flatMap((one) => (one.tagName === "SELECT" ? [...one.options] : [one]))
      .filter((one) => words.includes(one.value) && one.value !== "")
      .map((one) => (one.labels?.[0]?.querySelector(".choice-text") ?? one).textContent?.trim() || one.value);
    return labels.length ? labels.join(", ") : words.join(", ") || say("no-answer");
  }

  return {
    all: () => (hasNote ? [...keys, "note"] : keys),
    applies, box, clearError, differs, labelOf, read, setError, show, stored, tidy, wordsOf, write,
    focus: (key) => (key === "note" ? form.elements.note : focusable(key)).focus(),
    inputs,
    inOrder: (some) => [...some].sort((one, other) =>
      (box(one).compareDocumentPosition(box(other)) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1)),
    left: () => [...form.querySelectorAll("#part-required ~ .asked")]
      .map((one) => one.dataset.group)
      .filter((key) => applies(key) && read(key).length === 0),
  };
}
