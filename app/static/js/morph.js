// Makes one part of a page look like another, and keeps what is the same: whatever has the focus, is open, is chosen or
// half filled in stays the very same element. Elements are told apart by their id, else by their place.

const KEPT = new Set(["open", "value", "checked", "selected"]);
// What a reader does to a page, and nothing that the server says of it again.

export function morph(from, to) {
  const focused = document.activeElement;
  children(from, to);
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true });
}

export function isHalfFilled(part) {
  return [...part.querySelectorAll("input, select, textarea")].some((one) => {
    if (one.type === "hidden") return false;
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.tagName === "SELECT") return [...one.options].some((option) => option.selected !== option.defaultSelected && option.value);
    return one.value !== one.defaultValue;
  });
}

function children(from, to) {
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = match(at, from, wanted);
    if (found === null) {
      from.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    // What stands before it is gone; moved, it would lose the focus.
    while (at !== found && !isWanted(at, to)) at = removed(at);
    if (at !== found) from.insertBefore(found, at);
    else at = found.nextSibling;
    same(found, wanted);
  }
  while (at) at = removed(at);
}

function match(at, from, wanted) {
  if (wanted.id) {
    const found = [...from.children].find((one) => one.id === wanted.id);
    return found?.nodeName === wanted.nodeName ? found : null;
  }
  for (let one = at; one; one = one.nextSibling) {
    if (!one.id && one.nodeName === wanted.nodeName) return one;
    if (one.id) return null;
  }
  return null;
}

function isWanted(node, to) {
  return Boolean(node.id) && [...to.children].some((one) => one.id === node.id);
}

function removed(node) {
  const next = node.nextSibling;
  // Somebody is writing there: it goes when they have sent it, or with the next page.
  if (node.nodeType === Node.ELEMENT_NODE && isHalfFilled(node)) return next;
  if (node.nodeType === Node.ELEMENT_NODE && node.contains(document.activeElement)) {
    node.closest("section")?.querySelector("h2")?.focus({ preventScroll: true });
  }
  node.remove();
  return next;
}

function same(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  // Somebody is mending it: what is wrong stays said until it is sent again.
  if (from.tagName === "FORM" && from.querySelector(".field-error")) return;
  const isHidden = from.type === "hidden";
  for (const { name, value } of [...to.attributes]) {
    if ((isHidden || !KEPT.has(name)) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !KEPT.has(name)) from.removeAttribute(name);
  }
  children(from, to);
}
