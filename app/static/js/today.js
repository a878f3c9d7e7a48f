// Keeps the first page true: asks every few seconds whether something changed, and takes over what did.

import { isHalfFilled, morph } from "./morph.js";

const EVERY = 2500;
const SLOWEST = 30000;
const PATIENCE = 8000;
const page = document.querySelector("[data-today]");
const fresh = document.querySelector("[data-fresh]");
const announced = document.querySelector("[data-announced]");
const state = { mark: page?.dataset.mark, wait: EVERY, timer: 0, asking: false, time: "" };

async function look() {
  clearTimeout(state.timer);
  if (document.hidden || state.asking) return;
  state.asking = true;
  try {
    const answer = await fetch(page.dataset.today, {
      headers: { Accept: "application/json", "If-None-Match": state.mark },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
    await take(answer);
  } catch {
    falter("stale");
  } finally {
    state.asking = false;
    state.timer = setTimeout(look, state.wait);
  }
}

async function take(answer) {
  if (answer.status === 401) {
    falter("signedOut");
    return;
  }
  if (answer.status !== 304) {
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    const { content } = await answer.json();
    show(content);
    state.mark = answer.headers.get("ETag");
  }
  state.wait = EVERY;
  state.time = clock(answer.headers.get("Date"));
  say("saved", fresh.dataset.asOf);
}

function show(content) {
  const before = new Set([...page.querySelectorAll("[data-announce]")].map((one) => one.id));
  const holder = document.createElement("div");
  holder.innerHTML = content;
  morph(page, holder);
  const news = [...page.querySelectorAll("[data-announce]")].filter((one) => !before.has(one.id));
  if (news.length) announce(news.map((one) => one.dataset.announce).join(". "));
}

function announce(words) {
  // A new element each time: the same words again would be no news to whoever listens.
  announced.replaceChildren(Object.assign(document.createElement("span"), { textContent: words }));
}

function falter(how) {
  state.wait = Math.min(state.wait * 2, SLOWEST);
  say("offline", fresh.dataset[how]);
}

function say(how, words) {
  const text = words.replace("{time}", state.time);
  if (how === "offline" && fresh.dataset.state !== how) announce(text);
  fresh.dataset.state = how;
  if (fresh.textContent !== text) fresh.textContent = text;
}

function clock(date) {
  const at = date ? new Date(date) : new Date();
  return at.toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: page.dataset.zone });
}

function start() {
  state.time = fresh.textContent.match(/\d\d:\d\d/)?.[0] ?? clock(null);
  state.timer = setTimeout(look, EVERY);
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  document.addEventListener("radrum:leave", (leaving) => {
    if (isHalfFilled(page)) leaving.preventDefault();
  });
}

if (page) start();
