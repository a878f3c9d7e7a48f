// Saves what changed, one request at a time, and says how it stands. What isn't saved stays in the page and is sent
// again. What the server stored is known by its answer alone.
import { say, shows } from "./record-words.js";

const NOTE_PAUSE = 700;
const TOO_LONG = 8000;
const AGAIN = [1000, 2000, 4000, 8000];

export function saver({ form, fields, state, onSaved, onConflict, onRefused }) {
  const page = crypto.randomUUID().replaceAll("-", "");
  const dialog = document.querySelector("[data-signed-out]");
  const held = new Set(); // fields that wait for somebody to choose
  const refused = new Map(); // what the server wouldn't take, until it is another answer
  let version = Number(form.dataset.version);
  let token = form.elements.csrf_token.value;
  let timer = 0;
  let tries = 0;
  let running = null;
  let wasTold = false;

  document.querySelectorAll("[data-close]").forEach((one) =>
    one.addEventListener("click", () => one.closest("dialog").close()));
  addEventListener("online", () => now());
  addEventListener("focus", () => { if (isDirty() && tries) now(); });

  function open(key) {
    const is = refused.get(key);
    return !held.has(key) && fields.differs(key) && is !== fields.read(key).join("\n");
  }

  function isDirty() {
    return running !== null || fields.all().some(fields.differs);
  }

  function show(name, filled) {
    state.dataset.state = { saving: "saving", saved: "saved", offline: "offline" }[name] ?? "unsaved";
    shows(state, say(name, filled));
  }

  function soon() {
    if (fields.differs("note")) show("unsaved");
    clearTimeout(timer);
    timer = setTimeout(now, NOTE_PAUSE);
  }

  // Whoever asks while a request is under way waits for it, and for one more.
  async function now() {
    clearTimeout(timer);
    while (running) await running;
    running = send().finally(() => { running = null; });
    await running;
  }

  async function send() {
    const keys = fields.all().filter(open);
    if (!keys.length) return;
    const sent = new Map(keys.map((key) => [key, fields.read(key)]));
    show("saving");
    const note = sent.get("note")?.[0] ?? null;
    const asked = [...sent].filter(([key]) => key !== "note");
    const answer = await post("save", { fields: Object.fromEntries(asked), note, version, page });
    if (answer) take(answer, sent);
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
    onSaved(answer);
    if (held.size) show("conflict");
    else if (refused.has("note")) show("note-refused");
    else show(fields.all().some(open) ? "unsaved" : "saved", answer);
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
      if (dialog.open) dialog.close();
      wasTold = false;
      if (isNew) later(0);
      else again("failed");
      return undefined;
    }
    if (answer.status !== 401) return answer.status < 500 ? show("gone") : again("failed");
    if (!wasTold) dialog.showModal();
    wasTold = true;
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
    now, soon, isDirty,
    release(keys) { keys.forEach((key) => held.delete(key)); now(); },
    // Nobody looks again at a record that is complete: what wasn't saved would be lost.
    async complete() {
      await now();
      if (fields.all().some(fields.differs)) return null;
      return post("complete", {});
    },
  };
}
