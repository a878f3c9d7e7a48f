// That something rings, for whoever looks at another part of the page or at another window.

import { find, say, show } from "./dom.js";
import { words } from "./words.js";

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Phone} Phone
 */

export class Rung {
  #strip = find("[data-rung]");
  #button = find("[data-rung-go]");
  #title = document.title.trim();
  #id = "";

  constructor() {
    this.#button.addEventListener("click", () => this.#go());
  }

  /**
   * @param {Call | null} call
   * @param {Phone[]} phones
   */
  update(call, phones) {
    const ringing = phones.find(({ state }) => state === "ringing");
    const hadFocus = document.activeElement === this.#button;
    this.#id = ringing?.id ?? this.#id;
    const told = ringing ? words("page.title_ringing", { phone: ringing.alias }) : "";
    if (ringing) say(this.#button, words("page.to_ringing", { told }));
    if (!ringing && hadFocus) this.#go();
    show(this.#strip, Boolean(ringing));
    const isTalking = call?.state === "live" && call.hears === "talk";
    const now = told || (isTalking ? words("page.title_talking") : "");
    const title = now ? `${now} – ${this.#title}` : this.#title;
    if (document.title !== title) document.title = title;
  }

  #go() {
    const card = document.querySelector(`.card[data-id="${CSS.escape(this.#id)}"]`);
    if (!(card instanceof HTMLElement)) return;
    card.scrollIntoView({ block: "center" });
    /** @type {HTMLElement} */ (card.querySelector("[data-do]:not([hidden])") ?? card).focus({ preventScroll: true });
  }
}
