// What one can try: each idea sets the line and the time, and says what to press.

import { find, say } from "./dom.js";
import { ideas, words } from "./words.js";

/** @param {(idea: {line?: string, weekday: number}) => boolean} choose whether it could be done */
export function offerIdeas(choose) {
  const row = find(".try");
  row.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-try]");
    const idea = ideas.find(({ id }) => button instanceof HTMLElement && id === button.dataset.try);
    if (!idea || !choose(idea)) return;
    for (const other of row.querySelectorAll("[data-try]")) other.setAttribute("aria-pressed", String(other === button));
    say(find("[data-try-text]"), words("try.done", idea));
  });
}
