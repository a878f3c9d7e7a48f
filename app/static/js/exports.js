// While the browser takes the file that the form asked for, says how many of its rows have come. Without it the browser's
// own list of downloads is all there is.

const EVERY = 1000;
const QUIET = 5;
const form = document.querySelector("form[data-export]");
const said = document.querySelector("[data-export-progress]");

let quiet = 0;
let timer = null;

async function look() {
  try {
    const answer = await fetch("/exports/progress", { signal: AbortSignal.timeout(8000) });
    const words = answer.ok ? await answer.text() : "";
    if (words) {
      quiet = 0;
      said.textContent = words;
    } else {
      quiet += 1;
    }
  } catch {
    quiet += 1;
  }
  if (quiet >= QUIET) {
    said.textContent = said.dataset.done;
    clearInterval(timer);
  }
}

if (form && said) {
  form.addEventListener("submit", () => {
    quiet = 0;
    said.textContent = said.dataset.begun;
    clearInterval(timer);
    timer = setInterval(look, EVERY);
  });
}
