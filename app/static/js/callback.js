// Follows a try to ring back: what rings now, and what to do when it is over. Without it one loads the page again.

const EVERY = 2000;
const said = document.querySelector("[data-said]");
let timer = 0;

const part = (name) => document.querySelector(`[data-${name}]`);

function tell(words) {
  if (words && said.textContent !== words) said.textContent = words;
}

function troubles({ lost = false, signedOut = false }) {
  part("lost").hidden = !lost;
  part("signed-out").hidden = !signedOut;
}

// What has the focus keeps it; what is gone hands it to the heading of what came instead.
function put(place, content) {
  const had = place.contains(document.activeElement) ? document.activeElement.id : null;
  place.replaceChildren(...content);
  if (had === null) return;
  const next = (had && document.getElementById(had)) || part("heading") || part("body").querySelector("h1");
  next.focus();
}

async function showsWhatCame() {
  const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(8000) });
  if (!answer.ok || answer.redirected) throw new Error("not the page");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  put(part("body"), page.querySelector("[data-body]").childNodes);
  tell(part("heading")?.textContent.trim());
}

async function look() {
  clearTimeout(timer);
  const ringing = part("ringing");
  if (!ringing) return;
  try {
    if (!document.hidden) await follow(ringing);
  } catch {
    if (part("ringing")) troubles({ lost: true });
  }
  timer = setTimeout(look, EVERY);
}

async function follow(ringing) {
  const answer = await fetch(ringing.dataset.ringing, {
    headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000),
  });
  if (answer.status === 401) {
    troubles({ signedOut: true });
    return;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const now = await answer.json();
  troubles({});
  if (now.is_over) {
    await showsWhatCame();
    return;
  }
  const panel = part("panel");
  if (panel.dataset.shown !== now.panel) {
    const came = new DOMParser().parseFromString(now.panel, "text/html");
    put(panel, came.body.childNodes);
    panel.dataset.shown = now.panel;
  }
  tell(now.said);
}

for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
look();
document.addEventListener("visibilitychange", look);
