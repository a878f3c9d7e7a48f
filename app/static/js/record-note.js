// The note: how long it is, and what in it could say who somebody is. The server judges that; it stores nothing of it.
import { say, shows } from "./record-words.js";

const PAUSE = 250;
const MOST = 500;

export function noteOf(form) {
  const text = form.elements.note;
  if (!text) return null;
  const marks = form.querySelector("[data-marks]");
  const found = form.querySelector("[data-found]");
  const before = text.value;
  let timer = 0;
  let asked = 0;
  let why = "";

  text.addEventListener("input", () => {
    count();
    draw([]);
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  text.addEventListener("radrum:set", () => { count(); ask(); });
  text.addEventListener("scroll", () => { marks.scrollTop = text.scrollTop; });
  count();
  if (before) ask();

  function count() {
    const line = form.querySelector("[data-count]");
    const signs = [...text.value].length;
    line.textContent = say("characters", { count: signs });
    line.classList.toggle("is-over", signs > MOST);
  }

  async function ask() {
    const turn = ++asked;
    const written = text.value;
    try {
      const answer = await fetch("/records/marks", {
        method: "POST",
        headers: {
          "Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": form.elements.csrf_token.value,
        },
        body: JSON.stringify({ note: written }),
      });
      if (answer.ok && turn === asked && written === text.value) show(await answer.json());
    } catch {
      // Without an answer nothing is marked; saving judges again.
    }
  }

  function show(list) {
    draw(list);
    const signs = [...text.value];
    const lines = list.map((one) => {
      const line = document.createElement("li");
      const words = document.createElement("q");
      words.textContent = signs.slice(one.begin, one.end).join("");
      line.className = one.is_certain ? "is-certain" : "";
      line.append(`${one.label}: `, words);
      if (one.blocks) line.append(` – ${say("blocked")}`);
      return line;
    });
    if (why && !list.some((one) => one.blocks)) refused("");
    const shown = document.createElement("ul");
    shown.append(...lines);
    if (found.querySelector("ul")?.textContent !== shown.textContent) {
      found.querySelector("ul")?.remove();
      if (lines.length) found.append(shown);
    }
  }

  function draw(list) {
    const signs = [...text.value];
    const parts = [];
    let at = 0;
    for (const one of list) {
      const mark = document.createElement("mark");
      mark.textContent = signs.slice(one.begin, one.end).join("");
      mark.className = one.blocks ? "blocks" : "";
      parts.push(signs.slice(at, one.begin).join(""), mark);
      at = one.end;
    }
    marks.replaceChildren(...parts, `${signs.slice(at).join("")}\n`);
    marks.scrollTop = text.scrollTop;
  }

  function refused(words) {
    why = words ?? "";
    let line = found.querySelector("p");
    if (!line && why) {
      line = Object.assign(document.createElement("p"), { className: "field-error" });
      found.prepend(line);
    }
    if (why) shows(line, why);
    else line?.remove();
    if (why) text.setAttribute("aria-invalid", "true");
    else text.removeAttribute("aria-invalid");
  }

  return {
    refused,
    isBeingWritten: () => document.activeElement === text && text.value !== before,
  };
}
