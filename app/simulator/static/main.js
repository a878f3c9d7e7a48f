// The practice page: follows the simulator's state, and gives every part of the page its share of it.

import { follow, post } from "./api.js";
import { CallerPhone } from "./caller.js";
import { PracticeClock, showClock } from "./clock.js";
import { Conversation } from "./conversation.js";
import { find, say, show } from "./dom.js";
import { Way } from "./flow.js";
import { listen } from "./keys.js";
import { Listening } from "./listening.js";
import { Notice } from "./notice.js";
import { Phones } from "./phones.js";
import { updateRecord } from "./record.js";
import { offerIdeas } from "./trying.js";
import { words } from "./words.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Line} Line
 */

const SECOND = 1_000;

class Page {
  /** @type {Line[]} */
  #lines = JSON.parse(find("#lines").textContent ?? "[]");
  /** @type {State | null} */
  #state = null;
  #isThere = true;
  /** The call that is being placed: "?" until it has a sid, and its sid until it is in the state. */
  #awaited = "";
  #picked = "";
  #live = "";
  #clock = new PracticeClock();
  #notice = new Notice();
  #listening = new Listening();
  #way = new Way();
  #lineOf = (/** @type {string} */ key) => this.#lines.find((line) => line.key === key);
  #nameOf = (/** @type {string} */ key) => this.#lineOf(key)?.name ?? key;
  #caller = new CallerPhone(
    { dial: () => this.#dial(), hangUp: () => this.#hangUp(), choose: () => this.#choose() },
    this.#lineOf,
  );
  #conversation = new Conversation(this.#nameOf, (sid) => this.#pick(sid));
  #phones = new Phones((id, what) => this.#act(id, what), this.#nameOf);
  #again = () => {};

  start() {
    show(find("[data-desk]"), true);
    listen((key) => this.#press(key), () => switchOf("keyboard").checked);
    offerIdeas(({ line, weekday }) => {
      this.#caller.choose(line, this.#clock.next(weekday));
      this.#choose();
    });
    switchOf("speak").addEventListener("change", () => {
      this.#listening.turn(switchOf("speak").checked);
      this.#render();
    });
    find("[data-busy]").addEventListener("click", () => this.#fillUp());
    find("[data-end-all]").addEventListener("click", () => this.#do(post("end-all")));
    this.#again = follow(
      { line: () => this.#line, at: () => this.#caller.at ?? null },
      (state) => this.#take(state),
      (isThere) => this.#setPresence(isThere),
    );
    setInterval(() => this.#tick(), SECOND);
    this.#render();
  }

  /** The call that is shown: what was picked, else a live one (rather this window's), else the latest. */
  get #call() {
    if (this.#awaited) return null;
    const calls = this.#callers;
    const live = calls.filter((call) => call.state === "live");
    const mine = live.find((call) => this.#listening.isMine(call.sid));
    return calls.find((call) => call.sid === this.#picked) ?? mine ?? live[0] ?? calls[0] ?? null;
  }

  /** The line whose phones are shown: that of the call, else the chosen one. */
  get #line() {
    const call = this.#call;
    return call?.state === "live" ? call.line : this.#caller.line;
  }

  get #callers() {
    return (this.#state?.calls ?? []).filter((call) => !call.is_background);
  }

  /** While a call is under way the clock goes on: a chosen time waits for the next one. */
  get #maySetTime() {
    return this.#state?.clock.may_be_set ?? true;
  }

  /** @param {string} sid */
  #pick(sid) {
    this.#picked = sid;
    this.#render();
  }

  /** @param {State} state */
  #take(state) {
    this.#state = state;
    if (this.#callers.some(({ sid }) => sid === this.#awaited)) this.#awaited = "";
    this.#clock.set(state.clock.now);
    this.#caller.suggest(this.#clock.wall.slice(0, 16));
    const live = this.#callers.find((call) => call.state === "live")?.sid ?? "";
    if (live && live !== this.#live) this.#picked = "";
    this.#live = live;
    this.#render();
  }

  #render() {
    const call = this.#call;
    const phones = this.#state?.phones ?? [];
    this.#caller.update(call, { isThere: this.#isThere, maySetTime: this.#maySetTime, isDialling: Boolean(this.#awaited) });
    if (this.#state) {
      this.#phones.update(phones, this.#line);
      this.#conversation.update(call, this.#callers);
    }
    this.#way.update(call, this.#lineOf(this.#caller.line)?.flow ?? "");
    updateRecord(call);
    this.#listening.update(this.#isThere ? call : null);
    const busy = phones.filter((phone) => phone.state === "talking").length;
    say(find("[data-busy-text]"), busy ? words("phones.busy_going", { busy, all: phones.length }) : "");
    this.#tick();
  }

  async #dial() {
    const at = this.#caller.at;
    if (at === undefined) {
      this.#caller.focusTime();
      this.#notice.tell(words("caller.no_time"));
      return;
    }
    this.#listening.wake();
    this.#picked = "";
    this.#awaited = "?";
    this.#render();
    try {
      const body = { line: this.#caller.line, at: this.#maySetTime ? at : null, withheld: this.#caller.isWithheld };
      this.#awaited = (await post("calls", body)).sid;
      this.#listening.placed(this.#awaited);
      if (this.#state) this.#take(this.#state);
    } catch (error) {
      this.#awaited = "";
      this.#notice.failed(error);
    }
    this.#choose();
  }

  #hangUp() {
    const sid = this.#call?.sid;
    this.#listening.hush();
    if (sid) this.#do(post(`calls/${sid}/hang-up`));
  }

  /** @param {string} key */
  #press(key) {
    const call = this.#call;
    if (call?.state !== "live" || !this.#isThere) return;
    this.#listening.keyed(call);
    this.#caller.keyed(key);
    this.#do(post(`calls/${call.sid}/keys`, { key }));
  }

  /**
   * @param {string} id
   * @param {string} what
   */
  #act(id, what) {
    this.#do(what === "take" ? post(`phones/${id}/keys`, { key: "1" }) : post(`phones/${id}/${what}`));
  }

  #fillUp() {
    const at = this.#maySetTime ? (this.#caller.at ?? null) : null;
    this.#do(post("busy", { line: this.#caller.line, at }));
  }

  #choose() {
    this.#again();
    this.#render();
  }

  /** @param {Promise<unknown>} work */
  #do(work) {
    work.catch((error) => this.#notice.failed(error));
  }

  /** @param {boolean} isThere */
  #setPresence(isThere) {
    this.#notice.presence(isThere);
    if (isThere === this.#isThere) return;
    this.#isThere = isThere;
    if (!isThere) this.#listening.hush();
    this.#render();
  }

  #tick() {
    showClock(this.#clock);
    this.#phones.tick(this.#clock);
  }
}

/** @param {string} name @returns {HTMLInputElement} */
function switchOf(name) {
  return /** @type {HTMLInputElement} */ (find(`[data-switch="${name}"]`));
}

if (document.querySelector("[data-desk]")) new Page().start();
