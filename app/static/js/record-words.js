// The sentences that scripts say stand in the page, in the page's language: <template data-words="…">.

export function say(name, filled = {}) {
  const words = document.querySelector(`template[data-words="${name}"]`).content.textContent.trim();
  return words.replaceAll(/\{(\w+)\}/g, (_, key) => filled[key] ?? "");
}

// Only what differs is written, so that nobody hears the same sentence twice.
export function shows(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}
