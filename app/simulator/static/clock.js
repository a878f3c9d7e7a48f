// Instants come with the line's offset: what is shown is the wall clock that they carry, never the browser's zone.

import { find, say, show } from "./dom.js";

const MINUTE = 60_000;

/** @param {string} iso @returns {string} 10:00:12 */
export function timeOf(iso) {
  return iso.slice(11, 19);
}

/** @param {string} iso @returns {string} the day in the page's language */
export function dayOf(iso) {
  const day = new Date(`${iso.slice(0, 10)}T12:00:00Z`);
  const form = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(document.documentElement.lang, /** @type {any} */ (form)).format(day);
}

/**
 * The practice clock between two pieces of news: it runs on by itself.
 */
export class PracticeClock {
  #toldAt = 0;
  #told = 0;
  #offset = 0;

  /** @param {string} iso what the server said the time is */
  set(iso) {
    this.#toldAt = performance.now();
    this.#told = Date.parse(iso);
    const offset = /([+-])(\d\d):(\d\d)$/.exec(iso);
    this.#offset = offset ? (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  }

  get isSet() {
    return this.#toldAt > 0;
  }

  /** @returns {number} milliseconds since the epoch, by the practice clock */
  get now() {
    return this.#told + (performance.now() - this.#toldAt);
  }

  /** @returns {string} the wall clock, as an ISO text without offset */
  get wall() {
    return new Date(this.now + this.#offset * MINUTE).toISOString().slice(0, 19);
  }

  /**
   * The next such day of the week (1: Monday), perhaps today, at ten, as a datetime-local field writes it.
   *
   * @param {number} weekday
   */
  next(weekday) {
    const day = new Date(`${this.wall.slice(0, 10)}T12:00:00Z`);
    while ((day.getUTCDay() || 7) !== weekday) day.setUTCDate(day.getUTCDate() + 1);
    return `${day.toISOString().slice(0, 10)}T10:00`;
  }

  /** @param {string} iso @returns {string} 1:05, since then */
  since(iso) {
    const seconds = Math.max(0, Math.floor((this.now - Date.parse(iso)) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

/** @param {PracticeClock} clock */
export function showClock(clock) {
  show(find("[data-clock]"), clock.isSet);
  if (!clock.isSet) return;
  say(find("[data-clock-time]"), timeOf(clock.wall));
  say(find("[data-clock-day]"), dayOf(clock.wall));
}
