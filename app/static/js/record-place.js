// The place of a record: a type-ahead over the list of the form.
import { combobox } from "./combobox.js";
import { say } from "./record-words.js";

export function enhancePlace(form) {
  const select = form.querySelector("select[name=place]");
  if (select) combobox(select, { none: say("no-place"), leave: (input) => input.closest(".asked").focus() });
}
