// One key for each question and each choice; the page shows which. Whoever writes in a field only writes.

export function listen({ form, rules, fields, complete }) {
  const isOn = document.querySelector("[data-keys-on]");
  const groups = new Map(Object.entries(rules.groups).map(([key, group]) => [group.press, key]));
  groups.set(rules.note.press, "note");
  const asides = new Map(Object.entries(rules.asides).map(([part, aside]) => [aside.press, part]));
  document.addEventListener("keydown", press);

  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]")) return;
    const { target } = event;
    if (event.key === "Escape" && target.closest?.(".asked, [data-note]")) {
      target.closest(".asked, [data-note]").focus();
    } else if (isWriting(target, event.key)) {
      if (event.key === "Enter" && target.matches(".number-field")) leaveNumber(event);
    } else if (isOn.checked && !event.repeat && act(event.key.toLowerCase(), target)) {
      event.preventDefault();
    }
  }

  function isWriting(target, key) {
    if (!target.matches?.("textarea, select, input:not([type=radio], [type=checkbox])")) return false;
    // No number has a letter in it.
    return !(target.matches(".number-field") && key.length === 1 && /\D/.test(key));
  }

  function leaveNumber(event) {
    event.preventDefault();
    event.target.closest(".asked").focus();
  }

  function act(key, target) {
    if (groups.has(key)) return goTo(groups.get(key));
    if (asides.has(key)) {
      document.dispatchEvent(new CustomEvent("radrum:aside", { detail: asides.get(key) }));
      return true;
    }
    if (key === rules.complete.press) {
      leave();
      complete();
      return true;
    }
    const choice = target.closest?.(".asked")?.querySelector(`input[data-key="${CSS.escape(key)}"]`);
    if (!choice) return false;
    toggle(choice);
    return true;
  }

  // What was typed and not yet told is told by leaving.
  function leave() {
    if (form.contains(document.activeElement)) document.activeElement.blur();
  }

  function goTo(group) {
    const box = fields.box(group);
    if (!box || box.hidden) return false;
    fields.focus(group);
    box.scrollIntoView({ block: "nearest" });
    if (group === "note") form.elements.note.setSelectionRange(1e6, 1e6);
    return true;
  }

  // A choice that is pressed again is taken back, of one as of many.
  function toggle(choice) {
    choice.checked = !choice.checked;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
