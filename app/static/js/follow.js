// Opens the record of a call as soon as its specialist takes it, and says when it can't, because they are signed out.
// Every page of whoever takes calls has it. Whoever has something half written on the page says so to "radrum:leave", and
// is asked first; a page that shows something once has "data-once".

const EVERY = 2000;
const STAY_EVERY = 60000;
const banner = document.querySelector("[data-follow]");
const over = document.querySelector("[data-session-over]");
let since = null;
let stayed = -STAY_EVERY;

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(`/records/mine?${asked()}`, {
      headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000),
    });
    if (answer.status === 401) over.hidden = false;
    if (!answer.ok) return;
    const found = await answer.json();
    over.hidden = true;
    since = found.since;
    if (found.record !== null) go(found.record);
  } catch {
    // The next time it may answer.
  }
}

// Once a minute a page that is looked at asks to stay signed in; the service knows for whom calls come in.
function asked() {
  const words = new URLSearchParams(since === null ? {} : { since });
  if (performance.now() - stayed >= STAY_EVERY) {
    stayed = performance.now();
    words.set("stay", "1");
  }
  return words;
}

function isHalfWritten() {
  if (!document.dispatchEvent(new CustomEvent("radrum:leave", { cancelable: true }))) return true;
  if (document.querySelector("form.is-live")) return false;
  const texts = [...document.querySelectorAll("textarea, input:not([type=hidden], [type=radio], [type=checkbox])")];
  return texts.some((one) => one.value !== one.defaultValue)
    || document.querySelector("form.kept, main .has-error, [data-once]") !== null;
}

function go(record) {
  const address = `/records/${record}`;
  if (location.pathname === address) return;
  if (!isHalfWritten()) {
    location.assign(address);
    return;
  }
  banner.querySelector("a").href = address;
  banner.hidden = false;
}

if (banner) {
  look();
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
