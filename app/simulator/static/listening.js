// What this window makes heard: the words and the ringing of the calls that were placed or keyed here. Another window on
// the same computer stays silent, so that two people can play without an echo.

import { postInOrder } from "./api.js";
import { find, show } from "./dom.js";
import { Ringback } from "./ringback.js";
import { Speaker } from "./speech.js";

/** @typedef {import("./types.js").Call} Call */

/** Whatever was still being said is over then. */
const SILENCING = new Set(["keyed", "caller_hung_up"]);

export class Listening {
  #ringback = new Ringback();
  #speaker = new Speaker(
    ({ sid, n }, isSpeaking) => void postInOrder(`calls/${sid}/speaking`, { n, is_speaking: isSpeaking }).catch(() => {}),
    () => show(find("[data-no-voice]"), true),
  );
  /** How far each call of this window has been read, by its sid. @type {Map<string, number>} */
  #read = new Map();

  /** @param {string} sid */
  isMine(sid) {
    return this.#read.has(sid);
  }

  /** Browsers allow sound only from a press on. */
  wake() {
    this.#ringback.allow();
  }

  /** @param {string} sid a call that was placed here */
  placed(sid) {
    this.#read.set(sid, 0);
  }

  /** Whoever presses the keys hears the call from there on. @param {Call} call */
  keyed(call) {
    this.wake();
    if (!this.isMine(call.sid)) this.#read.set(call.sid, call.entries.at(-1)?.n ?? 0);
    this.hush();
  }

  /** The words that the line says now are over. @param {Call} call */
  skip(call) {
    this.hush();
    const said = call.entries.findLast(({ kind }) => kind === "said");
    if (said) void postInOrder(`calls/${call.sid}/speaking`, { n: said.n, is_speaking: false }).catch(() => {});
  }

  hush() {
    this.#speaker.stop();
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.#speaker.turn(isOn);
  }

  /** @param {Call | null} call the one that is shown */
  update(call) {
    const isHeard = call !== null && call.state === "live" && this.isMine(call.sid);
    this.#ringback.set(isHeard && call.hears === "ringing" && this.#speaker.isOn);
    if (!call || !this.isMine(call.sid)) return;
    const before = this.#read.get(call.sid) ?? 0;
    const news = call.entries.filter((entry) => entry.n > before);
    this.#read.set(call.sid, news.at(-1)?.n ?? before);
    if (news.some(({ kind }) => SILENCING.has(kind))) this.hush();
    for (const { kind, n, text, language } of news) {
      if (kind === "said" && isHeard) this.#speaker.say({ sid: call.sid, n, text, language: language ?? "sv-SE" });
    }
  }
}
