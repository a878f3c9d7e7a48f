// The way to the simulator: its state by long polling, and what is done there by POST.

const API = "/practice/api";
const SHORTEST_WAIT = 500;
const LONGEST_WAIT = 8_000;
/** A little more than the server holds a question that waits for news. */
const PATIENCE = 15_000;
/** Between an answer and the next question; more when the answer brought nothing new. */
const BREATH = 50;
const LONG_BREATH = 1_000;

/** What the server answered to something that can't be done; `message` is its sentence. */
export class Refused extends Error {}

/** Nobody answered. */
export class Gone extends Error {}

/**
 * @param {string} path below the API
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export async function post(path, body = {}) {
  let answer;
  try {
    answer = await fetch(`${API}/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Gone();
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(said.detail ?? "");
  return said;
}

/** @type {Promise<unknown>} */
let last = Promise.resolve();

/**
 * As `post`, after all that was sent this way before: keys arrive in the order in which they were pressed.
 *
 * @param {string} path
 * @param {object} body
 */
export function postInOrder(path, body) {
  const sent = last.then(() => post(path, body));
  last = sent.catch(() => {});
  return sent;
}

/**
 * Follows the state for as long as the page is open. Asks again at once after news, and ever later while nobody answers.
 *
 * @param {{line: () => string, at: () => string | null}} wanted what the page shows, sent along with each question
 * @param {(state: import("./types.js").State) => void} onState
 * @param {(isThere: boolean) => void} onPresence
 * @returns {() => void} asks again at once
 */
export function follow(wanted, onState, onPresence) {
  let version = -1;
  let wait = SHORTEST_WAIT;
  let question = new AbortController();
  let shown = "";

  async function ask() {
    const view = new URLSearchParams({ line: wanted.line(), at: wanted.at() ?? "" }).toString();
    if (view !== shown) version = -1;
    shown = view;
    question = new AbortController();
    const tooLong = setTimeout(() => question.abort("patience"), PATIENCE);
    try {
      const before = version;
      const since = before < 0 ? "" : `&since=${before}&wait=1`;
      const answer = await fetch(`${API}/state?${view}${since}`, { cache: "no-store", signal: question.signal });
      if (answer.status !== 304 && !answer.ok) throw new Gone();
      if (answer.status !== 304) {
        const state = await answer.json();
        version = state.version;
        onState(state);
      }
      onPresence(true);
      wait = SHORTEST_WAIT;
      await pause(answer.ok && version === before ? LONG_BREATH : BREATH);
    } finally {
      clearTimeout(tooLong);
    }
  }

  async function forever() {
    for (;;) {
      try {
        await ask();
      } catch (trouble) {
        if (question.signal.reason === "again") continue;
        if (trouble instanceof TypeError || trouble instanceof Gone || question.signal.aborted) onPresence(false);
        else console.error(trouble);
        version = -1;
        await pause(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT);
      }
    }
  }

  forever();
  return () => question.abort("again");
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}
