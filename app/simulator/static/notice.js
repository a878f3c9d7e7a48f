// The one place where the page says that something didn't work: a strip that stays in view.

import { Gone } from "./api.js";
import { find, mark, say, show } from "./dom.js";
import { words } from "./words.js";

const WHILE = 10_000;

export class Notice {
  #element = find("[data-notice]");
  #close = find("[data-notice-close]");
  #timer = 0;
  #isThere = true;

  constructor() {
    this.#close.addEventListener("click", () => {
      this.#show("", "");
      find("[data-screen]").focus({ preventScroll: true });
    });
  }

  /** @param {string} text something that passes */
  tell(text) {
    this.#show(text, "told");
    this.#timer = window.setTimeout(() => this.#rest(), WHILE);
  }

  /** @param {unknown} error */
  failed(error) {
    if (error instanceof Gone) {
      this.presence(false);
      return;
    }
    const detail = error instanceof Error && error.message ? error.message : words("page.unclear");
    this.tell(words("page.failed", { detail }));
  }

  /** @param {boolean} isThere whether the simulator answers */
  presence(isThere) {
    if (isThere === this.#isThere) return;
    this.#isThere = isThere;
    if (isThere) this.tell(words("page.online"));
    else this.#rest();
  }

  /** It answers, and knows nothing of what was. */
  restarted() {
    this.#isThere = true;
    this.tell(words("page.restarted"));
  }

  #rest() {
    // Whoever is about to close it reads it.
    if (this.#isThere && this.#element.contains(document.activeElement)) return;
    this.#show(this.#isThere ? "" : words("page.offline"), this.#isThere ? "" : "offline");
  }

  /**
   * @param {string} text
   * @param {string} kind
   */
  #show(text, kind) {
    clearTimeout(this.#timer);
    mark(this.#element, "kind", kind);
    say(find("[data-notice-text]", this.#element), text);
    show(this.#close, Boolean(text));
  }
}
