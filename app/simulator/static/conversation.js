// What the caller hears and does, as a conversation that only grows.

import { timeOf } from "./clock.js";
import { find, keep, make, mark, say, show } from "./dom.js";
import { wordFor, words } from "./words.js";

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Entry} Entry
 */

/** The specialist alone hears these; they are shown on the phone. */
const ELSEWHERE = new Set(["screen_said", "screen_keyed"]);
const NUMBER = /(\d+(?:[ -]\d+)+)/;
const NEAR = 60;

export class Conversation {
  #log = find("[data-log]");
  #which = /** @type {HTMLSelectElement} */ (find("#which"));
  #sid = "";
  #shown = 0;

  /**
   * @param {(key: string) => string} nameOf
   * @param {(sid: string) => void} onChoice another call is to be shown
   */
  constructor(nameOf, onChoice) {
    this.nameOf = nameOf;
    this.#which.addEventListener("change", () => onChoice(this.#which.value));
  }

  /**
   * @param {Call | null} call
   * @param {Call[]} others all that can be shown
   * @param {boolean} isThere whether the simulator answers
   */
  update(call, others, isThere) {
    this.#offer(call, others);
    show(find("[data-log-empty]"), !call);
    show(this.#log, Boolean(call));
    this.#offerToSkip(isThere && call?.state === "live" && call.hears === "words");
    this.#say(call, isThere);
    if (call?.sid !== this.#sid) {
      this.#sid = call?.sid ?? "";
      this.#shown = 0;
      this.#log.replaceChildren();
    }
    const news = (call?.entries ?? []).filter((entry) => entry.n > this.#shown);
    if (!news.length) return;
    const log = this.#log;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    log.append(...news.filter((entry) => !ELSEWHERE.has(entry.kind)).map(drawn));
    this.#shown = news[news.length - 1].n;
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }

  /** @param {boolean} isPossible */
  #offerToSkip(isPossible) {
    const button = find("[data-skip]");
    const hadFocus = document.activeElement === button;
    show(button, isPossible);
    if (hadFocus && !isPossible) this.#log.focus({ preventScroll: true });
  }

  /**
   * @param {Call | null} call
   * @param {boolean} isThere
   */
  #say(call, isThere) {
    const hears = find("[data-hears]");
    const what = !isThere ? "offline" : call?.state === "live" ? call.hears : call ? "ended" : "nothing";
    mark(hears, "what", what);
    say(find("[data-hears-text]", hears), words(`heard.now.${what === "nothing" && call ? "nothing_live" : what}`));
  }

  /**
   * @param {Call | null} call
   * @param {Call[]} others
   */
  #offer(call, others) {
    show(find("[data-which]"), others.length > 1);
    keep(
      this.#which,
      others,
      (one) => one.sid,
      (one) => {
        const option = /** @type {HTMLOptionElement} */ (make("option", ""));
        option.value = one.sid;
        return option;
      },
      (option, one) => say(option, words("heard.new_call", this.#shortly(one))),
    );
    const sid = call?.sid ?? "";
    if (this.#which.value !== sid) this.#which.value = sid;
  }

  /** @param {Call} call */
  #shortly({ line, began_at, record, state }) {
    const outcome = wordFor("record.outcomes", state === "live" ? "in_progress" : (record?.outcome ?? "failed"));
    return { line: this.nameOf(line), time: timeOf(began_at), outcome };
  }
}

/** @param {Entry} entry @returns {HTMLElement} */
function drawn(entry) {
  const element = make("div", `entry ${entry.kind}`);
  const time = /** @type {HTMLTimeElement} */ (make("time", "", timeOf(entry.at)));
  time.dateTime = entry.at;
  if (entry.kind === "said") element.append(who("heard.line_says"), said(entry), time);
  else if (entry.kind === "keyed") element.append(who("heard.caller_presses"), keyed(entry.text), time);
  else element.append(make("p", "event", event(entry)), time);
  return element;
}

/** @param {string} path */
function who(path) {
  return make("span", "who", `${words(path)}: `);
}

/** @param {Entry} entry */
function said(entry) {
  const paragraph = make("p", "words");
  if (entry.language) paragraph.lang = entry.language;
  paragraph.append(...unbroken(entry.text));
  return paragraph;
}

/** @param {string} text */
function keyed(text) {
  const keys = make("p", "keys");
  keys.append(...[...text].map((key) => make("kbd", "", key)));
  return keys;
}

/** @param {Entry} entry */
function event(entry) {
  const text = entry.kind === "leg_ended" || entry.kind === "rejected" ? wordFor("leg", entry.text) : entry.text;
  return wordFor("entry", entry.kind, { text, phone: entry.phone ?? "" });
}

/** @param {string} text with each number as one piece, which a line doesn't break */
export function unbroken(text) {
  return text.split(NUMBER).map((part, place) => (place % 2 ? make("span", "number", part) : part));
}
