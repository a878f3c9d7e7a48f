// Opens the record of a call as soon as its specialist takes it. Any page of the desk may include this. Whoever has
// something half written on the page says so to "radrum:leave", and is asked first.

const EVERY = 2000;
const banner = document.querySelector("[data-follow]");
let since = null;
let offered = 0;

async function look() {
  if (document.hidden) return;
  try {
    const where = since === null ? "/records/mine" : `/records/mine?since=${since}`;
    const answer = await fetch(where, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(8000) });
    if (!answer.ok) return;
    const found = await answer.json();
    since = found.since;
    if (found.record !== null) go(found.record);
  } catch {
    // The next time it may answer.
  }
}

function isHalfWritten() {
  const texts = [...document.querySelectorAll("textarea, input[type=text], input:not([type])")];
  const isLive = document.querySelector("form.is-live") !== null;
  return (!isLive && texts.some((one) => one.value !== one.defaultValue))
    || !document.dispatchEvent(new CustomEvent("radrum:leave", { cancelable: true }));
}

function go(record) {
  const address = `/records/${record}`;
  if (location.pathname === address) return;
  if (!isHalfWritten()) {
    location.assign(address);
    return;
  }
  offered = record;
  banner.querySelector("a").href = `/records/${offered}`;
  banner.hidden = false;
}

if (banner) {
  look();
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
