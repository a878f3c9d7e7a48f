// The staff's phones: a card each, grouped by the line that they answer for.

import { allow, find, isAllowed, keep, make, mark, say, show } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Phone} Phone */

/** Which buttons apply in which state. */
const BUTTONS = {
  idle: [],
  ringing: ["answer", "decline"],
  screening: ["take", "hang-up"],
  talking: ["hang-up"],
};

export class Phones {
  #list = find("[data-phones]");
  #card = /** @type {HTMLTemplateElement} */ (find("[data-card]"));

  /**
   * @param {(id: string, what: string) => void} act
   * @param {(key: string) => string} nameOf
   */
  constructor(act, nameOf) {
    this.act = act;
    this.nameOf = nameOf;
  }

  /**
   * @param {Phone[]} phones
   * @param {string} ownLine of the call, or the chosen one
   * @param {boolean} isThere whether the simulator answers
   */
  update(phones, ownLine, isThere) {
    mark(this.#list, "offline", String(!isThere));
    show(find("[data-phones-empty]"), !phones.length);
    const lines = [...new Set(phones.map((phone) => phone.line))];
    keep(
      this.#list,
      lines,
      (line) => line,
      () => {
        const group = make("div", "line-group");
        group.append(make("h3", ""), make("div", "cards"));
        return group;
      },
      (group, line) => {
        const name = words(line === ownLine ? "phones.of_line" : "phones.of_overflow", { line: this.nameOf(line) });
        say(find("h3", group), name);
        const here = phones.filter((phone) => phone.line === line);
        keep(find(".cards", group), here, (phone) => phone.id, (phone) => this.#create(phone), (card, phone) => updateCard(card, phone, isThere));
      },
    );
  }

  /** @param {import("./clock.js").PracticeClock} clock */
  tick(clock) {
    for (const element of this.#list.querySelectorAll("[data-since]")) {
      const since = /** @type {HTMLElement} */ (element).dataset.since ?? "";
      say(element, since && clock.isSet ? clock.since(since) : "");
    }
  }

  /** @param {Phone} phone */
  #create(phone) {
    const copy = /** @type {DocumentFragment} */ (this.#card.content.cloneNode(true));
    const card = find(".card", copy);
    card.setAttribute("aria-label", phone.alias);
    card.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("[data-do]");
      if (button instanceof HTMLElement && isAllowed(button)) this.act(phone.id, button.dataset.do ?? "");
    });
    return card;
  }
}

/**
 * @param {HTMLElement} card
 * @param {Phone} phone
 * @param {boolean} isThere
 */
function updateCard(card, phone, isThere) {
  mark(card, "state", isThere ? phone.state : "unknown");
  say(find("[data-alias]", card), phone.alias);
  say(find("[data-tier]", card), words(`phones.${phone.tier}`));
  say(find("[data-state]", card), words(`phones.state.${isThere ? phone.state : "unknown"}`));
  mark(find("[data-since]", card), "since", phone.state === "idle" || !isThere ? "" : (phone.since ?? ""));
  const isShowing = phone.state !== "idle" && Boolean(phone.shows);
  show(find("[data-shows]", card), isShowing);
  if (isShowing) say(find("[data-shows]", card), words("phones.shows", { number: phone.shows }));
  updateHeard(find("[data-heard]", card), phone);
  updateButtons(card, phone.state);
  for (const button of card.querySelectorAll("[data-do]")) allow(/** @type {HTMLElement} */ (button), isThere);
}

/**
 * @param {HTMLElement} element
 * @param {Phone} phone
 */
function updateHeard(element, phone) {
  const isHearing = phone.state === "screening" && Boolean(phone.heard);
  show(element, isHearing);
  if (!isHearing || !phone.heard) return;
  element.lang = phone.heard.language;
  say(element, phone.heard.text);
}

/**
 * A button that goes away hands the focus to the one that comes instead.
 *
 * @param {HTMLElement} card
 * @param {Phone["state"]} state
 */
function updateButtons(card, state) {
  const hadFocus = card.contains(document.activeElement) && document.activeElement !== card;
  for (const element of card.querySelectorAll("[data-do]")) {
    const button = /** @type {HTMLElement} */ (element);
    show(button, BUTTONS[state].includes(button.dataset.do ?? ""));
  }
  const focused = document.activeElement;
  if (hadFocus && (!card.contains(focused) || (focused instanceof HTMLElement && focused.hidden))) {
    const next = card.querySelector("[data-do]:not([hidden])") ?? card;
    /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
  }
}
