// The practice page: follows the simulator's state, and gives every part of the page its share of it.

import { follow, post } from "./api.js";
import { CallerPhone } from "./caller.js";
import { PracticeClock, dayOf, timeOf } from "./clock.js";
import { Conversation } from "./conversation.js";
import { find, say, show } from "./dom.js";
import { Way } from "./flow.js";
import { listen } from "./keys.js";
import { Notice } from "./notice.js";
import { Phones } from "./phones.js";
import { updateRecord } from "./record.js";
import { Ringback } from "./ringback.js";
import { Speaker } from "./speech.js";
import { offerIdeas } from "./trying.js";
import { words } from "./words.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Line} Line
 */

const SECOND = 1_000;

/** Everything on the page, and what it shows now. */
class Page {
  /** @type {Line[]} */
  #lines = JSON.parse(find("#lines").textContent ?? "[]");
  /** @type {State | null} */
  #state = null;
  #isThere = true;
  #isDialling = false;
  #isFillingUp = false;
  /** Calls that were placed or keyed in this window: it alone reads them aloud. */
  #mine = new Set();
  #spoken = new Map();
  #picked = "";
  #live = "";
  #clock = new PracticeClock();
  #notice = new Notice();
  #ringback = new Ringback();
  #way = new Way();
  #speaker = new Speaker(
    ({ sid, n }, isSpeaking) => void post(`calls/${sid}/speaking`, { n, is_speaking: isSpeaking }).catch(() => {}),
    () => show(find("[data-no-voice]"), true),
  );
  #nameOf = (/** @type {string} */ key) => this.#lines.find((line) => line.key === key)?.name ?? key;
  #caller = new CallerPhone(
    { dial: () => this.#dial(), hangUp: () => this.#hangUp(), choose: () => this.#choose() },
    this.#nameOf,
  );
  #conversation = new Conversation(this.#nameOf, (sid) => {
    this.#picked = sid;
    this.#render();
  });
  #phones = new Phones((id, what) => this.#act(id, what), this.#nameOf);

  start() {
    show(find("[data-desk]"), true);
    listen((key) => this.#press(key), () => switchOf("keyboard").checked);
    offerIdeas(({ line, weekday }) => {
      this.#caller.choose(line, this.#clock.next(weekday));
      this.#choose();
    });
    switchOf("speak").addEventListener("change", (event) => {
      this.#speaker.turn(/** @type {HTMLInputElement} */ (event.target).checked);
      this.#render();
    });
    find("[data-busy]").addEventListener("click", () => this.#fillUp());
    find("[data-end-all]").addEventListener("click", () => this.#do(() => post("end-all")));
    this.#again = follow(
      { line: () => this.#caller.line, at: () => this.#caller.at ?? null },
      (state) => this.#take(state),
      (isThere) => this.#setPresence(isThere),
    );
    setInterval(() => this.#tick(), SECOND);
    this.#render();
  }

  #again = () => {};

  /** The call that is shown: what was picked, else a live one, else the latest. @returns {Call | null} */
  get #call() {
    const calls = this.#callers;
    const live = calls.filter((call) => call.state === "live");
    const mine = live.find((call) => this.#mine.has(call.sid));
    return calls.find((call) => call.sid === this.#picked) ?? mine ?? live[0] ?? calls[0] ?? null;
  }

  /** While a call is under way the clock goes on: a chosen time waits for the next one. */
  get #maySetTime() {
    return this.#state?.clock.may_be_set ?? true;
  }

  get #callers() {
    return (this.#state?.calls ?? []).filter((call) => !call.is_background);
  }

  /** @param {State} state */
  #take(state) {
    this.#state = state;
    this.#clock.set(state.clock.now);
    this.#caller.suggest(this.#clock.wall.slice(0, 16));
    const live = this.#callers.find((call) => call.state === "live")?.sid ?? "";
    if (live && live !== this.#live) this.#picked = "";
    this.#live = live;
    this.#render();
    this.#speak();
  }

  #render() {
    const [state, call] = [this.#state, this.#call];
    const isLive = call?.state === "live";
    this.#caller.update(call, {
      isThere: this.#isThere,
      maySetTime: this.#maySetTime,
      isDialling: this.#isDialling,
    });
    const ownLine = isLive ? call.line : this.#caller.line;
    this.#phones.update(state?.phones ?? [], ownLine);
    this.#conversation.update(call, this.#callers);
    this.#way.update(call, this.#lines.find((line) => line.key === this.#caller.line)?.flow ?? "");
    updateRecord(call);
    const isRinging = isLive && call.hears === "ringing" && this.#mine.has(call.sid) && this.#speaker.isOn;
    this.#ringback.set(isRinging && this.#isThere);
    this.#tellOfFilling();
    this.#tick();
  }

  /** Says the new words of the calls of this window; of the others it only remembers that they were said. */
  #speak() {
    const call = this.#call;
    if (!call || !this.#mine.has(call.sid)) return;
    const before = this.#spoken.get(call.sid) ?? 0;
    const news = call.entries.filter((entry) => entry.n > before);
    if (news.length) this.#spoken.set(call.sid, news[news.length - 1].n);
    if (news.some((entry) => entry.kind === "keyed" || entry.kind === "caller_hung_up")) this.#speaker.stop();
    for (const { kind, n, text, language } of news) {
      if (kind === "said" && call.state === "live") this.#speaker.say({ sid: call.sid, n, text, language: language ?? "sv-SE" });
    }
  }

  async #dial() {
    const at = this.#caller.at;
    if (at === undefined) {
      this.#caller.focusTime();
      this.#notice.tell(words("caller.no_time"));
      return;
    }
    this.#ringback.allow();
    this.#picked = "";
    this.#isDialling = true;
    this.#render();
    await this.#do(async () => {
      const body = { line: this.#caller.line, at: this.#maySetTime ? at : null, withheld: this.#caller.isWithheld };
      this.#mine.add((await post("calls", body)).sid);
    });
    this.#isDialling = false;
    this.#again();
    this.#render();
  }

  #hangUp() {
    const sid = this.#call?.sid;
    this.#speaker.stop();
    if (sid) this.#do(() => post(`calls/${sid}/hang-up`));
  }

  /** @param {string} key */
  #press(key) {
    const call = this.#call;
    if (call?.state !== "live" || !this.#isThere) return;
    this.#claim(call);
    this.#speaker.stop();
    this.#caller.keyed(key);
    this.#do(() => post(`calls/${call.sid}/keys`, { key }));
  }

  /** Whoever presses the keys hears the call from there on. @param {Call} call */
  #claim(call) {
    this.#ringback.allow();
    if (this.#mine.has(call.sid)) return;
    this.#mine.add(call.sid);
    this.#spoken.set(call.sid, call.entries.at(-1)?.n ?? 0);
  }

  /**
   * @param {string} id
   * @param {string} what
   */
  #act(id, what) {
    this.#do(() => (what === "take" ? post(`phones/${id}/keys`, { key: "1" }) : post(`phones/${id}/${what}`)));
  }

  #fillUp() {
    const at = this.#maySetTime ? (this.#caller.at ?? null) : null;
    this.#isFillingUp = true;
    this.#do(() => post("busy", { line: this.#caller.line, at }));
  }

  #tellOfFilling() {
    const phones = this.#state?.phones ?? [];
    const busy = phones.filter((phone) => phone.state === "talking").length;
    if (!busy && !(this.#state?.calls ?? []).some((call) => call.is_background && call.state === "live")) {
      this.#isFillingUp = false;
    }
    const text = this.#isFillingUp || busy ? words("phones.busy_going", { busy, all: phones.length }) : "";
    say(find("[data-busy-text]"), text);
  }

  #choose() {
    this.#again();
    this.#render();
  }

  /** @param {() => Promise<unknown>} work */
  async #do(work) {
    try {
      await work();
    } catch (error) {
      this.#notice.failed(error);
    }
  }

  /** @param {boolean} isThere */
  #setPresence(isThere) {
    this.#notice.presence(isThere);
    if (isThere === this.#isThere) return;
    this.#isThere = isThere;
    if (!isThere) this.#speaker.stop();
    this.#render();
  }

  #tick() {
    show(find("[data-clock]"), this.#clock.isSet);
    if (!this.#clock.isSet) return;
    say(find("[data-clock-time]"), timeOf(this.#clock.wall));
    say(find("[data-clock-day]"), dayOf(this.#clock.wall));
    this.#phones.tick(this.#clock);
  }
}

/** @param {string} name @returns {HTMLInputElement} */
function switchOf(name) {
  return /** @type {HTMLInputElement} */ (find(`[data-switch="${name}"]`));
}

if (document.querySelector("[data-desk]")) new Page().start();
