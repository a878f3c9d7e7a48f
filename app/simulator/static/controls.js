// The page's own buttons and switches, apart from those of the phones.

import { allow, find, isAllowed, mark, say } from "./dom.js";
import { words } from "./words.js";

const wide = matchMedia("(min-width: 46rem)");

/** @returns {boolean} whether everything stands in one column */
export function isNarrow() {
  return !wide.matches;
}

/**
 * @param {string} selector of a button
 * @param {() => void} act
 */
export function onPress(selector, act) {
  const button = find(selector);
  button.addEventListener("click", () => isAllowed(button) && act());
}

/** @param {string} name @returns {HTMLInputElement} */
export function switchOf(name) {
  return /** @type {HTMLInputElement} */ (find(`[data-switch="${name}"]`));
}

/**
 * @param {boolean} isThere whether the simulator answers
 * @param {boolean} maySetTime
 */
export function allowControls(isThere, maySetTime) {
  for (const button of ["[data-busy]", "[data-end-all]"]) allow(find(button), isThere);
  for (const idea of document.querySelectorAll("[data-try]")) {
    allow(/** @type {HTMLElement} */ (idea), isThere && maySetTime);
  }
}

/** @param {import("./types.js").Phone[]} phones */
export function sayHowBusy(phones) {
  const busy = phones.filter((phone) => phone.state === "talking").length;
  say(find("[data-busy-text]"), busy ? words("phones.busy_going", { busy, all: phones.length }) : "");
}

/**
 * While a call is under way a narrow window shows the call alone; whoever stood in what goes away stands at the phone.
 *
 * @param {HTMLElement} desk
 * @param {boolean} isLive
 */
export function fold(desk, isLive) {
  const focused = document.activeElement;
  mark(desk, "live", String(isLive));
  if (focused && desk.contains(focused) && !focused.checkVisibility()) find("[data-screen]").focus({ preventScroll: true });
}
