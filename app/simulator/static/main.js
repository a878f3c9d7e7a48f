// The practice page: follows the simulator's state, and gives every part of the page its share of it.

import { follow, post, postInOrder } from "./api.js";
import { CallerPhone } from "./caller.js";
import { PracticeClock, showClock } from "./clock.js";
import { allowControls, fold, isNarrow, onPress, sayHowBusy, switchOf } from "./controls.js";
import { Conversation } from "./conversation.js";
import { find, show } from "./dom.js";
import { Way } from "./flow.js";
import { listen } from "./keys.js";
import { Listening } from "./listening.js";
import { Notice } from "./notice.js";
import { Phones } from "./phones.js";
import { updateRecord } from "./record.js";
import { Rung } from "./rung.js";
import { offerIdeas } from "./trying.js";
import { View } from "./view.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Line} Line */

const SECOND = 1_000;

class Page {
  /** @type {Line[]} */
  #lines = JSON.parse(find("#lines").textContent ?? "[]");
  #isThere = true;
  #clock = new PracticeClock();
  #notice = new Notice();
  #listening = new Listening();
  #view = new View((sid) => this.#listening.isMine(sid));
  #way = new Way();
  #rung = new Rung();
  #desk = find("[data-desk]");
  #lineOf = (/** @type {string} */ key) => this.#lines.find((line) => line.key === key);
  #nameOf = (/** @type {string} */ key) => this.#lineOf(key)?.name ?? key;
  #caller = new CallerPhone(
    { dial: () => this.#dial(), hangUp: () => this.#hangUp(), choose: () => this.#choose() },
    this.#lineOf,
  );
  #conversation = new Conversation(this.#nameOf, (sid) => this.#pick(sid));
  #phones = new Phones((id, what) => this.#act(id, what), this.#nameOf);
  #askAgain = () => {};

  start() {
    show(this.#desk, true);
    const [speak, keyboard] = [switchOf("speak"), switchOf("keyboard")];
    listen((key) => this.#press(key), () => keyboard.checked);
    offerIdeas((idea) => this.#try(idea));
    speak.addEventListener("change", () => {
      this.#listening.turn(speak.checked);
      this.#render();
    });
    onPress("[data-busy]", () => this.#fillUp());
    onPress("[data-end-all]", () => this.#do(post("end-all")));
    onPress("[data-skip]", () => this.#view.call && this.#listening.skip(this.#view.call));
    this.#askAgain = follow(
      { line: () => this.#line, at: () => this.#caller.at ?? null },
      (state) => this.#take(state),
      (isThere) => this.#setPresence(isThere),
    );
    setInterval(() => this.#tick(), SECOND);
    this.#render();
  }

  /** The line whose phones are shown: that of the call, else the chosen one. */
  get #line() {
    const call = this.#view.call;
    return call?.state === "live" ? call.line : this.#caller.line;
  }

  /** What may be asked for: `null` lets the clock run on as it is. */
  get #at() {
    return this.#view.maySetTime ? this.#caller.at : null;
  }

  /** @param {import("./types.js").State} state */
  #take(state) {
    const before = this.#view.state;
    this.#view.take(state);
    if (before && before.run !== state.run) this.#notice.restarted();
    if (!before && this.#view.call) this.#caller.chooseLine(this.#view.call.line);
    this.#clock.set(state.clock.now);
    this.#caller.suggest(this.#clock.wall.slice(0, 16));
    this.#render();
  }

  #render() {
    const { call, calls, phones, isDialling, maySetTime, state } = this.#view;
    this.#caller.update(call, { isThere: this.#isThere, maySetTime, isDialling });
    fold(this.#desk, call?.state === "live" || isDialling);
    if (state) {
      this.#phones.update(phones, this.#line, this.#isThere);
      this.#conversation.update(call, calls, this.#isThere);
    }
    this.#rung.update(this.#isThere ? call : null, this.#isThere ? phones : []);
    allowControls(this.#isThere, maySetTime);
    this.#way.update(call, this.#lineOf(this.#caller.line)?.flow ?? "");
    updateRecord(call);
    this.#listening.update(this.#isThere ? call : null);
    sayHowBusy(phones);
    this.#tick();
  }

  /** @param {{line?: string, weekday: number}} idea */
  #try({ line, weekday }) {
    if (!this.#isThere) return false;
    if (!this.#view.maySetTime) {
      this.#notice.tell(words("try.not_now"));
      return false;
    }
    this.#view.forget();
    this.#caller.choose(line, this.#clock.next(weekday));
    this.#choose();
    return true;
  }

  async #dial() {
    const [line, at] = [this.#caller.line, this.#at];
    if (at === undefined) {
      this.#caller.focusTime();
      this.#notice.tell(words("caller.no_time"));
      return;
    }
    this.#listening.wake();
    this.#view.dial();
    this.#render();
    if (isNarrow()) find(".phone").scrollIntoView({ block: "start" });
    try {
      const { sid } = await post("calls", { line, at, withheld: this.#caller.isWithheld });
      this.#listening.placed(sid);
      this.#view.dialled(sid);
    } catch (error) {
      this.#view.dialled("");
      this.#notice.failed(error);
    }
    this.#choose();
  }

  #hangUp() {
    const sid = this.#view.call?.sid;
    this.#listening.hush();
    if (sid) this.#do(post(`calls/${sid}/hang-up`));
  }

  /** @param {string} key */
  #press(key) {
    const call = this.#view.call;
    if (call?.state !== "live" || !this.#isThere) return;
    this.#listening.keyed(call);
    this.#caller.keyed(key);
    this.#do(postInOrder(`calls/${call.sid}/keys`, { key }));
  }

  /**
   * @param {string} id
   * @param {string} what
   */
  #act(id, what) {
    this.#do(what === "take" ? post(`phones/${id}/keys`, { key: "1" }) : post(`phones/${id}/${what}`));
  }

  #fillUp() {
    this.#do(post("busy", { line: this.#caller.line, at: this.#at ?? null }));
  }

  /** @param {string} sid */
  #pick(sid) {
    this.#view.pick(sid);
    this.#render();
  }

  #choose() {
    this.#askAgain();
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
    if (!this.#isThere) return;
    showClock(this.#clock);
    this.#phones.tick(this.#clock);
  }
}

if (document.querySelector("[data-desk]")) new Page().start();
