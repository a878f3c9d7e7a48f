// An open record: its parts, put together. Nothing is kept in the browser but in the open page itself.
import { conflicts } from "./record-conflicts.js";
import { fieldsOf } from "./record-fields.js";
import { listen } from "./record-keys.js";
import { noteOf } from "./record-note.js";
import { enhancePlace } from "./record-place.js";
import { saver } from "./record-saver.js";
import { summaryOf } from "./record-summary.js";
import { say, shows } from "./record-words.js";

const form = document.querySelector("form[data-consultation]");

if (form) {
  start();
}

function start() {
  const rules = JSON.parse(form.dataset.rules);
  enhancePlace(form);
  const fields = fieldsOf(form, rules);
  const note = noteOf(form);
  const state = document.querySelector(".save-state");
  const saves = saver({ form, fields, state, onSaved, onConflict: (met) => asks.show(met), onRefused, onCompleted });
  const asks = conflicts({ form, fields, saves });
  const summary = summaryOf(fields);

  form.classList.add("is-live");
  form.querySelectorAll("[data-without-script]").forEach((one) => { one.hidden = true; });
  form.querySelectorAll("[data-only-script]").forEach((one) => { one.hidden = false; });
  showLeft();
  fields.show();

  form.addEventListener("input", (event) => {
    const isNumber = event.target.matches(".number-field");
    if (isNumber) fields.clearError(event.target.name);
    if (isNumber) showLeft();
    if (isNumber || event.target.name === "note") saves.soon();
  });
  form.addEventListener("change", (event) => {
    const { name } = event.target;
    if (!name) return;
    fields.tidy(event.target);
    fields.show();
    if (!saves.toMend().includes(name)) fields.clearError(name);
    showLeft();
    saves.now();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "complete") complete();
    else saves.now();
  });
  addEventListener("beforeunload", (event) => {
    if (saves.isDirty()) event.preventDefault();
  });
  document.addEventListener("radrum:leave", (event) => {
    if (saves.isDirty() || (note && note.isBeingWritten())) event.preventDefault();
  });
  listen({ form, rules, fields, complete });

  function onSaved(answer) {
    setComplete(answer.is_complete);
    note?.refused(answer.note_refused);
    showLeft();
    for (const one of answer.theirs) tell(say("merged", one));
  }

  function onRefused(errors) {
    for (const one of errors) {
      if (fields.box(one.field)) fields.setError(one.field, one.words);
      else tell(one.words);
    }
    showLeft();
  }

  // It may come long after it was asked for: nobody is called away from where they are then.
  function onCompleted(answer) {
    answer.left.forEach((key) => fields.setError(key, say("needs")));
    setComplete(answer.is_complete);
    showLeft();
  }

  async function complete() {
    const left = fields.left();
    left.forEach((key) => fields.setError(key, say("needs")));
    if (!left.length) await saves.complete();
    const wrong = fields.inOrder(new Set([...fields.left(), ...saves.toMend()]));
    summary.show(wrong);
    if (wrong.length) fields.focus(wrong[0]);
    showLeft();
  }

  function setComplete(isComplete) {
    const badge = document.querySelector("[data-complete]");
    form.dataset.isComplete = isComplete ? "1" : "";
    if (isComplete && badge.dataset.done) {
      badge.textContent = badge.dataset.done;
      badge.className = "state open";
    }
  }

  function showLeft() {
    const named = (keys) => ({ what: keys.map(fields.labelOf).join(", ") });
    const [left, wrong] = [fields.left(), saves.toMend()];
    const words = form.dataset.isComplete ? say("is-complete") : say("nothing-left");
    shows(
      form.querySelector("[data-left]"),
      left.length ? say("left", named(left)) : wrong.length ? say("to-mend", named(wrong)) : words,
    );
    summary.keep([...left, ...wrong]);
  }

  function tell(words) {
    const line = document.createElement("p");
    line.className = "message";
    line.textContent = words;
    document.querySelector("[data-messages]").replaceChildren(line);
  }
}
