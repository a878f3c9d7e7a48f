// Saves what changed, one request at a time, and says how it stands. What isn't saved stays in the page and is sent
// again, and so is the wish that the record be complete. What the server stored is known by its answer alone.
import { say, shows } from "./record-words.js";

const NOTE_PAUSE = 700;
const TOO_LONG = 8000;
const AGAIN = [1000, 2000, 4000, 8000];

export function saver({ form, fields, state, onSaved, onConflict, onRefused, onCompleted }) {
  const page = crypto.randomUUID().replaceAll("-", "");
  const over = document.querySelector("[data-session-over]");
  const held = new Set(); // fields that wait for somebody to choose
  const refused = new Map(); // what the server wouldn't take, until it is another answer
  let version = Number(form.dataset.version);
  let token = form.elements.csrf_token.value;
  let timer = 0;
  let tries = 0;
  let running = null;
  let wantsComplete = false;
  let savedAt = "";

  addEventListener("online", () => now());
  addEventListener("focus", () => { if (isDirty() && tries) now(); });

  function open(key) {
    const is = refused.get(key);
    return !held.has(key) && fields.differs(key) && is !== fields.read(key).join("\n");
  }

  function isDirty() {
    return running !== null || wantsComplete || fields.all().some(fields.differs);
  }

  // What waits for another answer than the one that the server wouldn't take.
  function toMend() {
    return fields.all().filter((key) => refused.has(key) && fields.differs(key) && !open(key) && !held.has(key));
  }

  function show(name, filled) {
    const looks = { "saving": "saving", "saved": "saved", "all-saved": "saved", "offline": "offline" };
    state.dataset.state = looks[name] ?? "unsaved";
    shows(state, say(name, filled));
  }

  // How it stands, while nothing is on its way.
  function showRest() {
    const wrong = toMend();
    if (held.size) show("conflict");
    else if (wrong.length) show(wrong.every((key) => key === "note") ? "note-refused" : "refused");
    else if (fields.all().some(fields.differs)) show("unsaved");
    else show(savedAt ? "saved" : "all-saved", { at: savedAt });
  }

  function soon() {
    if (fields.all().some(open)) show("unsaved");
    clearTimeout(timer);
    timer = setTimeout(now, NOTE_PAUSE);
  }

  // Whoever asks while a request is under way waits for it, and for one more. Says whether the server answered.
  async function now() {
    clearTimeout(timer);
    while (running) await running;
    running = send().finally(() => { running = null; });
    return running;
  }

  async function send() {
    const keys = fields.all().filter(open);
    if (keys.length && !await sendChanged(keys)) return false;
    if (wantsComplete) return sendComplete();
    if (!keys.length) showRest();
    return true;
  }

  async function sendChanged(keys) {
    const sent = new Map(keys.map((key) => [key, fields.read(key)]));
    show("saving");
    const note = sent.get("note")?.[0] ?? null;
    const asked = [...sent].filter(([key]) => key !== "note");
    const answer = await post("save", { fields: Object.fromEntries(asked), note, version, page });
    if (answer) take(answer, sent);
    return answer !== null;
  }

  // Nobody looks again at a record that is complete: what wasn't saved would be lost. So what was changed meanwhile goes
  // first, and where somebody has to mend or to choose something, they say again that it is complete.
  async function sendComplete() {
    if (fields.all().some(open)) return true;
    if (fields.all().some(fields.differs)) {
      wantsComplete = false;
      return true;
    }
    const answer = await post("complete", {});
    if (answer === null) return false;
    tries = 0;
    wantsComplete = false;
    onCompleted(answer);
    showRest();
    return true;
  }

  function take(answer, sent) {
    tries = 0;
    if (answer.state === "refused") {
      answer.errors.forEach((one) => refused.set(one.field, (sent.get(one.field) ?? []).join("\n")));
      onRefused(answer.errors);
      show("refused");
      if ([...sent.keys()].some(open)) later(0);
      return;
    }
    version = answer.version;
    if (answer.state === "conflict") {
      // Until somebody has chosen, nothing of this save is sent again: one answer may hang on another.
      sent.forEach((_, key) => held.add(key));
      store(answer, sent, (key) => held.has(key));
      onConflict({ ...answer, sent });
      show("conflict");
      return;
    }
    refused.clear();
    if (answer.note_refused && sent.has("note")) refused.set("note", sent.get("note").join("\n"));
    else if (sent.has("note")) fields.stored.set("note", sent.get("note"));
    store(answer, sent, (key) => held.has(key));
    fields.show();
    savedAt = answer.at;
    onSaved(answer);
    showRest();
    if (fields.all().some(open)) later(0);
  }

  // What nobody changed here since it was sent follows the server.
  function store(answer, sent, isKept) {
    const values = { ...answer.values };
    if (answer.note !== null) values.note = [answer.note];
    for (const [key, words] of Object.entries(values)) {
      if (key === "note" && !fields.all().includes("note")) continue;
      const before = sent.get(key) ?? fields.stored.get(key);
      const isTouched = fields.read(key).join("\n") !== before.join("\n");
      fields.stored.set(key, words);
      if (!isTouched && !isKept(key)) fields.write(key, words);
    }
  }

  async function post(what, body) {
    try {
      const answer = await fetch(`/records/${form.dataset.consultation}/${what}`, {
        method: "POST",
        headers: { "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TOO_LONG),
      });
      if ([200, 409, 422].includes(answer.status)) return await answer.json();
      if (answer.status === 400 || answer.status === 401) await renew();
      else if (answer.status === 403 || answer.status === 404) show("gone");
      else again("failed");
    } catch {
      again(navigator.onLine ? "failed" : "offline");
    }
    return null;
  }

  // The session ended, or another began in another window: ask who is signed in now.
  async function renew() {
    const answer = await fetch("/records/token", { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const found = await answer.json();
      if (found.account !== form.dataset.account) return again("another");
      const isNew = found.token !== token;
      token = form.elements.csrf_token.value = found.token;
      over.hidden = true;
      if (isNew) later(0);
      else again("failed");
      return undefined;
    }
    if (answer.status !== 401) return answer.status < 500 ? show("gone") : again("failed");
    // Said without taking the focus: the next key belongs to the word that is being written.
    over.hidden = false;
    return again("signed-out");
  }

  function again(name) {
    show(name);
    later(AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
  }

  function later(pause) {
    clearTimeout(timer);
    timer = setTimeout(now, pause);
  }

  return {
    now, soon, isDirty, toMend,
    release(keys) { keys.forEach((key) => held.delete(key)); now(); },
    async complete() {
      wantsComplete = true;
      while (await now() && wantsComplete);
    },
  };
}
