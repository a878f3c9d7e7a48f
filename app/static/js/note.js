// A form with a note in it that isn't a record's: the same marks, sent by its own button.
import { noteOf } from "./record-note.js";

const form = document.querySelector("form[data-note-form]");

if (form) noteOf(form);
