// Words as a voice should read them: sentence by sentence, and numbers as people say them.

const NUMBER = /\d+(?:[ \u00a0-]\d+)+/g;
const SENTENCE = /[^.!?]+[.!?]*(?:\s+|$)/g;

/**
 * Short pieces: a long one is cut off by some browsers, and a key has to silence the voice at once.
 *
 * @param {string} text
 * @param {string} language
 * @returns {string[]}
 */
export function spoken(text, language) {
  const read = language.startsWith("sv") ? inGroups : inDigits;
  const natural = text.replace(NUMBER, read);
  return (natural.match(SENTENCE) ?? [natural]).map((one) => one.trim()).filter(Boolean);
}

/**
 * 020-50 50 50 as "0 20, 50 50 50": Swedish says the groups, and every leading nought by itself.
 *
 * @param {string} number
 */
function inGroups(number) {
  const [first, ...rest] = number.split(/[ \u00a0-]/).map((group) => group.replace(/^0+(?=\d)/, (noughts) => [...noughts, ""].join(" ")));
  return `${first}, ${rest.join(" ")}`;
}

/**
 * English says digit after digit.
 *
 * @param {string} number
 */
function inDigits(number) {
  return number
    .split(/[ \u00a0-]/)
    .map((group) => [...group].join(" "))
    .join(", ");
}
