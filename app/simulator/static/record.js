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
  updateEvents(call?.log ?? [], turnAfterTheEnd(call));
}

/** @param {CallRecord} record @returns {Record<string, string>} */
function parts(record) {
  const none = words("record.none");
  const attempts = record.attempts.map(({ specialist, state }) =>
    words("record.attempt", { specialist, state: wordFor("record.states", state) }),
  );
  return {
    outcome: wordFor("record.outcomes", record.outcome),
    reason: record.reason ? reason(record) : none,
    wait: duration(record.wait_seconds),
    talk: duration(record.talk_seconds),
    answered_by: record.answered_by ?? words("record.nobody"),
    attempts: attempts.join("\n") || none,
    owner: record.owner || none,
    consultation: record.consultation === null ? none : words("record.numbered", { number: record.consultation }),
  };
}

/** A closure, a failure, or the step where it ended, with what became of it there. @param {CallRecord} record */
function reason({ outcome, reason: whole }) {
  const [name, cause] = whole.split(":");
  if (cause) return `${words("record.at_step", { node: wordFor("nodes", name) })}, ${wordFor("record.causes", cause)}`;
  const [closure, node] = [wordFor("record.reasons", name), wordFor("nodes", name)];
  const asItIs = name.replaceAll("_", " ");
  if (closure !== asItIs || node === asItIs) return closure;
  return outcome === "abandoned" ? words("record.left_at", { node }) : words("record.at_step", { node });
}

/** @param {number | null} seconds */
function duration(seconds) {
  if (seconds === null || seconds === undefined) return words("record.none");
  const whole = Math.round(seconds);
  if (whole < 60) return words("record.seconds", { seconds: whole });
  return words("record.minutes", { minutes: Math.floor(whole / 60), seconds: whole % 60 });
}

/**
 * Who hangs up while a phone is rung or in the conversation is told of by one more turn, in which no key was pressed.
 *
 * @param {Call | null} call
 * @returns {number} its place in the log; -1: there is none
 */
function turnAfterTheEnd(call) {
  const end = call?.entries.find(({ kind }) => kind === "caller_hung_up");
  const last = call?.log.findLastIndex(({ kind }) => kind === "turn") ?? -1;
  const isIt = call && end && last >= 0 && call.log[last].what.event === "Silence" && call.log[last].at >= end.at;
  return isIt ? last : -1;
}

/**
 * @param {Call["log"]} log
 * @param {number} afterTheEnd
 */
function updateEvents(log, afterTheEnd) {
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
    (item, { at, kind, what, place }) => {
      say(find("time", item), timeOf(at));
      const isGone = place === afterTheEnd;
      say(find(".what", item), isGone ? words("events.gone") : told(kind, what));
      const node = typeof what.node === "string" && !isGone ? words("events.node", { node: wordFor("nodes", what.node) }) : "";
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
    case "wake":
      return words("events.wake");
    case "turn":
      if (what.event === "Keys" && !what.key) return words("events.number");
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
