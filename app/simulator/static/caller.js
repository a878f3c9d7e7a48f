// The caller's phone: whom to call, when, and what its screen shows.

import { allow, disable, find, isAllowed, mark, say, show } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Call} Call */

/** A time that is still being typed has another year: 0002, 0020. */
const WHOLE = /^[12]\d{3}-/;
const TYPING = 400;
/** A longer name is cut off in a narrow list. */
const LONG = 28;

export class CallerPhone {
  #form = /** @type {HTMLFormElement} */ (find("[data-dial]"));
  #call = find("[data-call]");
  #hangUp = find("[data-hang-up]");
  #phone = find(".phone");
  #screen = find("[data-screen]");
  #keys = "";
  #sid = "";
  #isSuggested = false;

  /**
   * @param {{dial: () => void, hangUp: () => void, choose: () => void}} actions
   * @param {(key: string) => import("./types.js").Line | undefined} lineOf its key
   */
  constructor(actions, lineOf) {
    this.lineOf = lineOf;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (isAllowed(this.#call)) actions.dial();
    });
    let typing = 0;
    this.#form.addEventListener("change", (event) => {
      this.#showTime();
      this.#isSuggested ||= event.target === this.#field("at");
      clearTimeout(typing);
      typing = window.setTimeout(actions.choose, event.target === this.#field("at") ? TYPING : 0);
    });
    this.#hangUp.addEventListener("click", () => isAllowed(this.#hangUp) && actions.hangUp());
    this.#showTime();
  }

  get line() {
    return this.#field("line").value;
  }

  /** The wall clock that was chosen, `null` for now; `undefined` while none is. */
  get at() {
    if (this.#field("when").value === "now") return null;
    const at = this.#field("at").value;
    return WHOLE.test(at) ? at : undefined;
  }

  get isWithheld() {
    return this.#field("withheld").checked;
  }

  /**
   * @param {string | undefined} line
   * @param {string} at
   */
  choose(line, at) {
    if (line) this.chooseLine(line);
    this.#field("when").value = "other";
    this.#field("at").value = at;
    this.#showTime();
  }

  /** @param {string} line */
  chooseLine(line) {
    const field = this.#field("line");
    if ([...field.options].some((option) => option.value === line)) field.value = line;
  }

  /** @param {string} at what the field begins with; once, so that nobody finds it filled again who has emptied it */
  suggest(at) {
    const field = this.#field("at");
    if (this.#isSuggested || document.activeElement === field) return;
    this.#isSuggested = true;
    if (!field.value) field.value = at;
  }

  focusTime() {
    this.#field("at").focus();
  }

  /** @param {string} key */
  keyed(key) {
    this.#keys = (this.#keys + key).slice(-12);
    say(find("[data-screen-keys]"), this.#keys);
  }

  /**
   * @param {Call | null} call
   * @param {{isThere: boolean, maySetTime: boolean, isDialling: boolean}} how
   */
  update(call, { isThere, maySetTime, isDialling }) {
    const isLive = call?.state === "live";
    if (call && call.sid !== this.#sid) {
      this.#sid = call.sid;
      this.#keys = "";
      say(find("[data-screen-keys]"), "");
    }
    allow(this.#call, isThere && !isLive && !isDialling);
    allow(this.#hangUp, isThere && isLive);
    for (const key of this.#phone.querySelectorAll("[data-key]")) allow(/** @type {HTMLElement} */ (key), isThere && isLive);
    this.#allowChoices(isThere && !isLive && !isDialling, maySetTime);
    if (this.#phone.contains(document.activeElement) && document.activeElement?.matches("[aria-disabled=true]")) {
      this.#screen.focus({ preventScroll: true });
    }
    mark(this.#phone, "state", isLive ? call.hears : isDialling ? "dialling" : "idle");
    const line = this.lineOf(isLive ? call.line : this.line);
    say(find("[data-screen-name]"), line?.name ?? "");
    say(find("[data-screen-number]"), line?.number ?? "");
    const name = this.lineOf(this.line)?.name ?? "";
    say(find("[data-line-name]"), name.length > LONG ? name : "");
    say(find("[data-screen-state]"), words(isThere ? `caller.${stateOf(call, isDialling)}` : "caller.offline"));
    const isEmpty = maySetTime && this.at === undefined;
    say(find("[data-time-help]"), words(isEmpty ? "caller.no_time" : maySetTime ? "caller.time_help" : "caller.time_runs"));
    say(find("[data-set-help]"), isThere && isLive ? words("caller.in_call") : "");
  }

  /**
   * @param {boolean} isFree no call of somebody's is under way
   * @param {boolean} maySetTime
   */
  #allowChoices(isFree, maySetTime) {
    const hadFocus = this.#form.contains(document.activeElement);
    for (const name of ["line", "withheld"]) disable(this.#field(name), !isFree);
    for (const field of [...this.#field("when"), this.#field("at")]) disable(field, !isFree || !maySetTime);
    if (hadFocus && document.activeElement?.matches(":disabled, body")) this.#screen.focus({ preventScroll: true });
  }

  #showTime() {
    show(find("[data-time]"), this.#field("when").value === "other");
  }

  /** @param {string} name @returns {any} */
  #field(name) {
    return this.#form.elements.namedItem(name);
  }
}

/**
 * @param {Call | null} call
 * @param {boolean} isDialling
 */
function stateOf(call, isDialling) {
  if (isDialling) return "dialling";
  if (!call) return "idle";
  return call.state === "live" ? `live.${call.hears}` : "ended";
}
