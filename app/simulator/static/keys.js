// The keypad, by mouse and by keyboard.

import { find } from "./dom.js";

const KEYS = "0123456789*#";
const FLASH = 160;

/**
 * @param {(key: string) => void} press
 * @param {() => boolean} isKeyboardOn
 */
export function listen(press, isKeyboardOn) {
  const pad = find(".keypad");
  pad.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("[data-key]");
    if (button instanceof HTMLElement) pressed(button, press);
  });
  document.addEventListener("keydown", (event) => {
    if (!isKeyboardOn() || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!KEYS.includes(event.key) || isTyping(event.target)) return;
    event.preventDefault();
    pressed(find(`[data-key="${CSS.escape(event.key)}"]`, pad), press);
  });
}

/**
 * @param {HTMLElement} button
 * @param {(key: string) => void} press
 */
function pressed(button, press) {
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), FLASH);
  press(button.dataset.key ?? "");
}

/**
 * In fields and lists a key means something else.
 *
 * @param {EventTarget | null} target
 */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("select, textarea")) return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit"].includes(target.type);
}
