// The way of a call through the drawn callflow, and the same way as a list.

import { find, keep, make, say, show } from "./dom.js";
import { wordFor, words } from "./words.js";

/** @typedef {import("./types.js").Call} Call */

const CALL = "(call)";
const TALK = "(conversation)";
const MARGIN = 16;
const NO_KEY = "no key";

export class Way {
  #picture = find("[data-picture]");
  #trail = find("[data-trail]");
  #fold = /** @type {HTMLDetailsElement} */ (find("[data-fold]"));
  #name = "";
  #here = "";

  constructor() {
    // Room for it is beside the rest only.
    const wide = matchMedia("(min-width: 46rem)");
    this.#fold.open = wide.matches;
    wide.addEventListener("change", () => (this.#fold.open = wide.matches));
    this.#fold.addEventListener("toggle", () => {
      if (!this.#fold.open) return;
      const drawing = this.#picture.querySelector("svg");
      if (drawing && !drawing.hasAttribute("aria-hidden")) prepare(drawing);
      this.#bringIntoView(this.#here);
    });
  }

  /**
   * @param {Call | null} call
   * @param {string} flow that of the chosen line, while nobody calls
   */
  update(call, flow) {
    this.#mount(call?.flow || flow);
    show(find("[data-way-empty]"), !call);
    const trail = call?.trail ?? [];
    const hasTalked = call?.entries.some(({ kind }) => kind === "bridged");
    const steps = hasTalked ? this.#withTalk(trail) : trail;
    const here = steps.at(-1) ?? call?.at ?? "";
    this.#list(steps);
    this.#light(call ? [CALL, ...steps] : [], here, isSilent(call));
  }

  /** @param {string} name */
  #mount(name) {
    if (name === this.#name) return;
    this.#name = name;
    this.#here = "";
    const template = document.querySelector(`template[data-flow="${CSS.escape(name)}"]`);
    const copy = template instanceof HTMLTemplateElement ? template.content.cloneNode(true) : words("flow.none");
    this.#picture.replaceChildren(copy);
    const drawing = this.#picture.querySelector("svg");
    if (drawing && this.#fold.open) prepare(drawing);
  }

  /**
   * The conversation comes from the step that rang, and before what follows it.
   *
   * @param {string[]} trail
   */
  #withTalk(trail) {
    const rings = [...this.#picture.querySelectorAll(`[data-to="${TALK}"]`)].map((exit) => exit.getAttribute("data-from") ?? "");
    const last = trail.findLastIndex((step) => rings.includes(step));
    const place = last < 0 ? trail.length : last + 1;
    return [...trail.slice(0, place), TALK, ...trail.slice(place)];
  }

  /** @param {string[]} steps */
  #list(steps) {
    keep(
      this.#trail,
      steps.map((step, place) => ({ step, place })),
      ({ place }) => String(place),
      () => make("li", ""),
      (item, { step, place }) => {
        say(item, wordFor("nodes", step));
        const isHere = place === steps.length - 1;
        if (isHere) item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
      },
    );
  }

  /**
   * @param {string[]} steps
   * @param {string} here
   * @param {boolean} isSilent whether the first question got no key: of two ways to one step it tells which was taken
   */
  #light(steps, here, isSilent) {
    for (const node of this.#picture.querySelectorAll("[data-node]")) {
      const id = node.getAttribute("data-node") ?? "";
      node.classList.toggle("passed", steps.includes(id));
      node.classList.toggle("here", id === here);
    }
    const ways = new Set(steps.slice(1).map((step, place) => `${steps[place]} ${step}`));
    const exits = [...this.#picture.querySelectorAll("[data-from]")];
    for (const exit of exits) {
      const beside = exits.filter((other) => other !== exit && wayOf(other) === wayOf(exit));
      const isOtherOne = beside.length > 0 && (exit.getAttribute("data-label") === NO_KEY) !== isSilent;
      exit.classList.toggle("passed", ways.has(wayOf(exit)) && !isOtherOne);
    }
    if (here !== this.#here) this.#bringIntoView(here);
    this.#here = here;
  }

  /**
   * Inside its own box: the page itself stays where the reader has put it.
   *
   * @param {string} here
   */
  #bringIntoView(here) {
    const box = this.#picture;
    const node = here ? box.querySelector(`[data-node="${CSS.escape(here)}"]`) : box.querySelector(".node");
    if (!node) return;
    const [at, frame] = [node.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTo({
      left: box.scrollLeft + at.left + at.width / 2 - frame.left - frame.width / 2,
      top: here ? box.scrollTop + at.top + at.height / 2 - frame.top - frame.height / 2 : 0,
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
  }
}

/** @param {Element} exit */
function wayOf(exit) {
  return `${exit.getAttribute("data-from")} ${exit.getAttribute("data-to")}`;
}

/** @param {Call | null} call */
function isSilent(call) {
  return call?.entries.find(({ kind }) => kind === "keyed" || kind === "no_key")?.kind === "no_key";
}

/**
 * Cuts the picture to the graph, and says its words in the page's language. The list says the same: who can't see the
 * picture isn't told of it.
 *
 * @param {SVGSVGElement} drawing
 */
function prepare(drawing) {
  drawing.removeAttribute("role");
  drawing.setAttribute("aria-hidden", "true");
  for (const text of drawing.querySelectorAll("text")) {
    const node = text.classList.contains("name") ? text.closest("[data-node]")?.getAttribute("data-node") : null;
    const known = node ? wordFor("nodes", node) : wordFor("picture", text.textContent ?? "");
    if (text.closest("[data-node], .callflow > g")) say(text, node ? known : known.replace(/^again: /, "↺ "));
  }
  for (const rest of drawing.querySelectorAll(".title, .callflow > .kind, .proofs, :scope > .paper, title, desc")) rest.remove();
  const graph = drawing.querySelector("g");
  if (!(graph instanceof SVGGElement)) return;
  const box = graph.getBBox();
  const move = graph.transform.baseVal.consolidate()?.matrix;
  const [left, top] = [box.x + (move?.e ?? 0) - MARGIN, box.y + (move?.f ?? 0) - MARGIN];
  const [width, height] = [box.width + 2 * MARGIN, box.height + 2 * MARGIN];
  drawing.setAttribute("viewBox", [left, top, width, height].join(" "));
  drawing.setAttribute("width", String(width));
  drawing.setAttribute("height", String(height));
}
