// Small changes to the page: an element is touched only where something differs, so that no focus is ever lost.

/**
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export function find(selector, within = document) {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function make(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} isShown
 */
export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/**
 * @param {HTMLElement} element
 * @param {string} name of a data- attribute, in camel case
 * @param {string} value
 */
export function mark(element, name, value) {
  if (element.dataset[name] !== value) element.dataset[name] = value;
}

/**
 * As `disabled`, and the focus stays where it is.
 *
 * @param {HTMLElement} button
 * @param {boolean} isPossible
 */
export function allow(button, isPossible) {
  const value = String(!isPossible);
  if (button.getAttribute("aria-disabled") !== value) button.setAttribute("aria-disabled", value);
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} field
 * @param {boolean} isDisabled
 */
export function disable(field, isDisabled) {
  if (field.disabled !== isDisabled) field.disabled = isDisabled;
}

/**
 * @param {HTMLElement} button
 * @returns {boolean}
 */
export function isAllowed(button) {
  return button.getAttribute("aria-disabled") !== "true";
}

/**
 * Keeps one child per item, in the items' order; what is there already stays the same element, and keeps the focus when
 * it has to move.
 *
 * @template T
 * @param {HTMLElement} parent
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} create
 * @param {(element: HTMLElement, item: T) => void} update
 */
export function keep(parent, items, key, create, update) {
  const focused = document.activeElement;
  const old = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.id, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    let element = /** @type {HTMLElement | undefined} */ (old.get(id));
    old.delete(id);
    if (!element) {
      element = create(item);
      element.dataset.id = id;
    }
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
    update(element, item);
  }
  for (const gone of old.values()) gone.remove();
  if (focused instanceof HTMLElement && parent.contains(focused) && document.activeElement !== focused) {
    focused.focus({ preventScroll: true });
  }
}
