// The one place where the page says that something didn't work.

import { Gone } from "./api.js";
import { find, mark, say } from "./dom.js";
import { words } from "./words.js";

const WHILE = 6_000;

export class Notice {
  #element = find("[data-notice]");
  #timer = 0;
  #isThere = true;

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

  #rest() {
    this.#show(this.#isThere ? "" : words("page.offline"), this.#isThere ? "" : "offline");
  }

  /**
   * @param {string} text
   * @param {string} kind
   */
  #show(text, kind) {
    clearTimeout(this.#timer);
    mark(this.#element, "kind", kind);
    say(this.#element, text);
  }
}
