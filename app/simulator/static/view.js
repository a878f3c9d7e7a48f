// What is known of all calls, and which of them is shown.

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Call} Call
 */

const NO_SID_YET = "?";

export class View {
  /** @type {State | null} */
  state = null;
  /** The call that is being placed: it has no sid yet, or isn't in the state yet. */
  #awaited = "";
  #picked = "";
  #live = "";
  /** The latest call when something new was begun: it isn't shown any more by itself. */
  #forgotten = "";
  #isMine;

  /** @param {(sid: string) => boolean} isMine whether a call was placed or keyed in this window */
  constructor(isMine) {
    this.#isMine = isMine;
  }

  /** @param {State} state */
  take(state) {
    this.state = state;
    if (this.calls.some(({ sid }) => sid === this.#awaited)) this.#awaited = "";
    const live = this.calls.find((call) => call.state === "live")?.sid ?? "";
    if (live && live !== this.#live) this.#picked = "";
    this.#live = live;
  }

  /** A call is placed: what was shown until now is over. */
  dial() {
    this.#picked = "";
    this.#awaited = NO_SID_YET;
  }

  /** @param {string} sid of the call that was placed; empty: it wasn't */
  dialled(sid) {
    this.#awaited = sid;
    if (this.state) this.take(this.state);
  }

  get isDialling() {
    return Boolean(this.#awaited);
  }

  /** What was is over; something else is tried. */
  forget() {
    this.#picked = "";
    this.#forgotten = this.calls[0]?.sid ?? "";
  }

  /** @param {string} sid */
  pick(sid) {
    this.#picked = sid;
  }

  /** The calls that people make, newest first. */
  get calls() {
    return (this.state?.calls ?? []).filter((call) => !call.is_background);
  }

  /** What was picked, else a live call (rather this window's), else the latest. @returns {Call | null} */
  get call() {
    if (this.#awaited) return null;
    const calls = this.calls;
    const live = calls.filter((call) => call.state === "live");
    const mine = live.find((call) => this.#isMine(call.sid));
    const latest = calls.find(({ sid }, place) => place === 0 && sid !== this.#forgotten);
    return calls.find((call) => call.sid === this.#picked) ?? mine ?? live[0] ?? latest ?? null;
  }

  get phones() {
    return this.state?.phones ?? [];
  }

  /** While a call is under way the clock goes on: a chosen time waits for the next one. */
  get maySetTime() {
    return this.state?.clock.may_be_set ?? true;
  }
}
