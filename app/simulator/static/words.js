// The words of the page, as the server sent them in the page's language.

/** @type {Record<string, any>} */
const catalogue = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/**
 * A text by its path in the catalogue (`"phones.state.idle"`), with its {names} filled in.
 *
 * @param {string} path
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function words(path, values = {}) {
  const found = path.split(".").reduce((table, name) => table?.[name], /** @type {any} */ (catalogue));
  return filled(typeof found === "string" ? found : path, values);
}

/**
 * A text of one table by a name that the service chose; the name itself where the catalogue doesn't know it.
 *
 * @param {string} table
 * @param {string} name
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function wordFor(table, name, values = {}) {
  const texts = table.split(".").reduce((inner, part) => inner?.[part], /** @type {any} */ (catalogue)) ?? {};
  return Object.hasOwn(texts, name) ? filled(texts[name], values) : name.replaceAll("_", " ");
}

/** The ideas of what to try, in order. */
export const ideas = /** @type {{id: string, label: string, text: string, weekday: number, line?: string}[]} */ (
  catalogue.try?.ideas ?? []
);

/**
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
