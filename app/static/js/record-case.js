// The case of an open record, and the follow-up that is promised in it. Their buttons send nothing but themselves and the
// panel's fields, and the page stays: what is being written goes on being saved by the record's own script. Said at once:
// that a reference can't be right, and that a follow-up which is agreed isn't promised yet.
import { say } from "./record-words.js";

const panel = document.querySelector("[data-case]");
const form = document.querySelector("form[data-consultation]");
const isOn = document.querySelector("[data-keys-on]");
const KEYS = { "ä": focus, "y": focus, "ö": focusPromise, "z": focusPromise };
const DIGITS = 7;
const TOO_LONG = 8000;
const HAPPENED = { 401: "signed-out", 400: "signed-out", 403: "gone", 404: "gone" };
let section = panel;
let isBusy = false;

if (section && form) {
  show();
  document.addEventListener("click", press, true);
  document.addEventListener("keydown", key, true);
  document.addEventListener("input", (event) => { if (event.target.id === "reference") judge(event.target, false); });
  document.addEventListener("change", (event) => {
    if (event.target.id === "reference") judge(event.target, true);
    else askFor(event.target);
  }, true);
}

function show() {
  section.querySelectorAll("[data-only-script]").forEach((one) => { one.hidden = false; });
}

// The record's script must not take the reference for an answer, nor these buttons for its own.
function press(event) {
  const button = event.target.closest?.("[data-case] button[name=case]");
  if (!button) return;
  event.preventDefault();
  send(button.value);
}

function key(event) {
  if (event.target.id === "reference" && event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    send("join");
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || !isOn.checked) return;
  const goes = KEYS[event.key.toLowerCase()];
  if (!goes || document.querySelector("dialog[open]")) return;
  if (event.target.matches?.("textarea, select, input:not([type=radio], [type=checkbox], .number-field)")) return;
  event.preventDefault();
  event.stopPropagation();
  goes();
}

function focusPromise() {
  const first = section.querySelector("#days") ?? section.querySelector("[data-focus-promise]") ?? section.querySelector("[data-focus]");
  section.querySelector("[data-promise]")?.scrollIntoView({ block: "nearest" });
  first.focus();
}

// The record's answer says that a follow-up is agreed: the panel asks by when.
function askFor(changed) {
  const asked = section.querySelector("[data-asked-for]");
  if (!asked || changed.name !== asked.dataset.group) return;
  const all = form.querySelectorAll(`[name="${asked.dataset.group}"]`);
  asked.hidden = ![...all].some((one) => one.checked && one.value === asked.dataset.code);
}

function focus() {
  const first = section.querySelector("button[value=open]") ?? section.querySelector("[data-focus]");
  section.scrollIntoView({ block: "nearest" });
  first.focus();
}

function judge(field, isLeft) {
  const typed = field.value.replaceAll(/[\s.-]+/g, "");
  const isWhole = typed.length >= DIGITS;
  if (isWhole && !fits(typed)) wrong(field, typed.length === DIGITS ? "wrong-digits" : "digits");
  else if (isLeft && typed && !isWhole) wrong(field, "digits");
  else wrong(field, "");
}

// Each digit leads along a row of the table; the last one has to lead to 0.
function fits(digits) {
  if (!/^[1-9][0-9]{6}$/.test(digits)) return false;
  const table = JSON.parse(section.dataset.digits);
  return [...digits].reduce((row, digit) => table[row][Number(digit)], 0) === 0;
}

function wrong(field, name) {
  const error = section.querySelector("#reference-error");
  error.textContent = name ? say(name) : "";
  error.hidden = !name;
  field.closest(".field").classList.toggle("has-error", Boolean(name));
  if (name) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

async function send(what) {
  if (isBusy) return;
  isBusy = true;
  section.setAttribute("aria-busy", "true");
  try {
    let answer = await ask(what);
    if ([400, 401].includes(answer.status) && await isRenewed()) answer = await ask(what);
    if ([200, 409, 422].includes(answer.status)) take(await answer.json(), what);
    else fails(HAPPENED[answer.status] ?? "failed");
  } catch {
    fails(navigator.onLine ? "failed" : "offline");
  } finally {
    isBusy = false;
    section.removeAttribute("aria-busy");
  }
}

function ask(what) {
  const sent = new FormData();
  sent.set("case", what);
  for (const name of ["reference", "days"]) sent.set(name, section.querySelector(`#${name}`)?.value ?? "");
  return fetch(section.dataset.where, {
    method: "POST",
    headers: { "Accept": "application/json", "X-CSRFToken": form.elements.csrf_token.value },
    body: sent,
    signal: AbortSignal.timeout(TOO_LONG),
  });
}

// Whoever has signed in again in another window has another token.
async function isRenewed() {
  const answer = await fetch("/records/token", { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TOO_LONG) });
  if (!answer.ok) return false;
  const found = await answer.json();
  if (found.account !== form.dataset.account) return false;
  form.elements.csrf_token.value = found.token;
  return true;
}

// The server's panel takes the place of the one that was pressed; the focus stays in it.
function take(answer, what) {
  const came = new DOMParser().parseFromString(answer.panel, "text/html").body.firstElementChild;
  section.replaceWith(came);
  section = came;
  show();
  const rest = section.querySelector("[data-focus]");
  const field = section.querySelector(what === "promise" ? "#days" : "#reference");
  (answer.is_done ? rest : field ?? rest).focus();
}

function fails(name) {
  const line = section.querySelector("[data-failed]") ?? document.createElement("p");
  line.className = "field-error";
  line.dataset.failed = "";
  line.setAttribute("role", "alert");
  line.textContent = say(`case-${name}`);
  section.append(line);
}
