// The record that a call makes of itself, and its log.

import { timeOf } from "./clock.js";
import { find, keep, make, say, show } from "./dom.js";
import { wordFor, words } from "./words.js";

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").CallRecord} CallRecord
 */

const NEAR = 60;

/** @param {Call | null} call */
export function updateRecord(call) {
  const record = call?.record ?? null;
  show(find("[data-record-empty]"), !record);
  show(find("[data-record]"), Boolean(record));
  if (record) {
    for (const [part, text] of Object.entries(parts(record))) say(find(`[data-part="${part}"]`), text);
    find('[data-part="outcome"]').dataset.outcome = record.outcome;
  }
  updateEvents(call?.log ?? []);
}

/** @param {CallRecord} record @returns {Record<string, string>} */
function parts(record) {
  const none = words("record.none");
  const attempts = record.attempts.map(({ specialist, state }) =>
    words("record.attempt", { specialist, state: wordFor("record.states", state) }),
  );
  return {
    outcome: wordFor("record.outcomes", record.outcome),
    reason: record.reason ? reason(record.reason) : none,
    wait: duration(record.wait_seconds),
    talk: duration(record.talk_seconds),
    answered_by: record.answered_by ?? words("record.nobody"),
    attempts: attempts.join("\n") || none,
    owner: record.owner || none,
    consultation: record.consultation === null ? none : String(record.consultation),
  };
}

/** @param {string} name of a closure, a node or a failure */
function reason(name) {
  const closure = wordFor("record.reasons", name);
  return closure === name.replaceAll("_", " ") ? wordFor("nodes", name) : closure;
}

/** @param {number | null} seconds */
function duration(seconds) {
  if (seconds === null || seconds === undefined) return words("record.none");
  const whole = Math.round(seconds);
  if (whole < 60) return words("record.seconds", { seconds: whole });
  return words("record.minutes", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

/** @param {Call["log"]} log */
function updateEvents(log) {
  const list = find("[data-events]");
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  const before = list.childElementCount;
  show(find("[data-events-empty]"), !log.length);
  keep(
    list,
    log.map((event, place) => ({ ...event, place })),
    ({ at, place }) => `${place} ${at}`,
    () => {
      const item = make("li", "");
      item.append(make("time", ""), make("span", "what"), make("span", "detail"));
      return item;
    },
    (item, { at, kind, what }) => {
      say(find("time", item), timeOf(at));
      say(find(".what", item), told(kind, what));
      const node = typeof what.node === "string" ? words("events.node", { node: wordFor("nodes", what.node) }) : "";
      say(find(".detail", item), node);
    },
  );
  if (isAtEnd && log.length > before) list.scrollTop = list.scrollHeight;
}

/**
 * @param {string} kind
 * @param {Record<string, unknown>} what
 */
function told(kind, what) {
  const status = wordFor("events.statuses", String(what.status));
  switch (kind) {
    case "turn":
      return wordFor("events.turn", String(what.event), what);
    case "screen":
      return wordFor("events.screen", String(what.live));
    case "accept":
      return wordFor("events.accept", String(what.accepted));
    case "leg":
      return words("events.leg", { status });
    case "status":
      return words("events.status", { status });
    default:
      return words("events.other", { name: kind });
  }
}
