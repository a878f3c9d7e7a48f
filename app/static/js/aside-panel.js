// Numbers and guidance beside an open record: fetched when they are first asked for, read while one writes. Without this
// script the same buttons are links that open the pages in a window of their own.

const panel = document.querySelector("[data-aside]");
const body = panel.querySelector("[data-aside-body]");
const openers = [...document.querySelectorAll("[data-open-aside]")];
const MUNICIPALITY = /^\d{4}$/;
let finder = null;
let came = null;

for (const one of openers) {
  one.setAttribute("aria-expanded", "false");
  one.setAttribute("role", "button");
  one.removeAttribute("target");
  one.addEventListener("click", (event) => { event.preventDefault(); open(one.dataset.openAside); });
  one.addEventListener("keydown", (event) => { if (event.key === " ") { event.preventDefault(); one.click(); } });
}
panel.querySelector("[data-close]").addEventListener("click", close);
document.addEventListener("radrum:aside", (event) => open(event.detail));
// Before others hear of it: Escape in the panel closes the panel, unless a list of suggestions is open there.
panel.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  event.preventDefault();
  event.stopPropagation();
  close();
});

async function open(part) {
  if (!panel.contains(document.activeElement)) came = document.activeElement;
  panel.hidden = false;
  openers.forEach((one) => one.setAttribute("aria-expanded", "true"));
  panel.querySelector("[data-aside-title]").focus();
  if (!finder && !await load()) return;
  choosePlace();
  // Whoever has gone on to write meanwhile isn't called back.
  if (!panel.contains(document.activeElement)) return;
  const head = body.querySelector(`[data-part="${part}"] h3`);
  head.scrollIntoView({ block: "start" });
  head.focus();
}

function close() {
  panel.hidden = true;
  openers.forEach((one) => one.setAttribute("aria-expanded", "false"));
  if (came?.isConnected && came !== document.body) came.focus();
  else openers[0].focus();
}

async function load() {
  shows("loading");
  try {
    const answer = await fetch(panel.dataset.from, { headers: { Accept: "text/vnd.part" }, signal: AbortSignal.timeout(8000) });
    if (!answer.ok) throw new Error(answer.status);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    body.replaceChildren(...part.body.childNodes);
    const { finderOf } = await import("./referral-finder.js");
    finder = finderOf(body);
    return true;
  } catch {
    shows("failed");
    return false;
  }
}

function shows(name) {
  body.replaceChildren(panel.querySelector(`template[data-aside-words="${name}"]`).content.cloneNode(true));
}

// The record's place is read from its open form, and stays in this page.
function choosePlace() {
  const place = document.querySelector("select[name=place]")?.value ?? "";
  if (MUNICIPALITY.test(place)) finder.choose(place);
}
