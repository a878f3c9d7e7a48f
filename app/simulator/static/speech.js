// Reads the line's words aloud with the browser's own voices, in order, and tells the simulator while it does.

import { spoken } from "./spoken.js";

const REMIND = 2_000;
/** A voice that hasn't begun by then doesn't work here. */
const BEGIN = 4_000;

/** @typedef {{sid: string, n: number, text: string, language: string}} Words */

export class Speaker {
  /** @type {Words[]} */
  #queue = [];
  /** @type {Words | null} */
  #now = null;
  #turn = 0;
  #timer = 0;
  #isOn = true;
  /** @type {Set<string>} languages that turned out to have no working voice */
  #mute = new Set();
  #tell;
  #onMute;

  /**
   * @param {(words: Words, isSpeaking: boolean) => void} tell
   * @param {() => void} onMute there is no voice for some words
   */
  constructor(tell, onMute) {
    this.#tell = tell;
    this.#onMute = onMute;
    this.#synth?.getVoices();
    addEventListener("pagehide", () => this.stop());
  }

  get isOn() {
    return this.#isOn;
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.#isOn = isOn;
    if (!isOn) this.stop();
  }

  /** @param {Words} words */
  say(words) {
    if (!this.#isOn) return;
    this.#queue.push(words);
    if (!this.#now) this.#next();
  }

  /** Silence, also for what was still to be said. */
  stop() {
    this.#queue = [];
    if (this.#now) this.#end();
    this.#synth?.cancel();
  }

  get #synth() {
    return window.speechSynthesis;
  }

  #next() {
    const words = this.#queue.shift();
    if (!words) return;
    const voice = this.#voice(words.language);
    if (!voice) {
      this.#onMute();
      this.#next();
      return;
    }
    this.#now = words;
    this.#read(spoken(words.text, words.language), voice, ++this.#turn);
  }

  /**
   * @param {string[]} sentences
   * @param {SpeechSynthesisVoice} voice
   * @param {number} turn whatever an earlier turn still says is over
   */
  #read(sentences, voice, turn) {
    const last = sentences.length - 1;
    const begun = () => {
      clearTimeout(this.#timer);
      this.#remind(turn);
    };
    this.#timer = window.setTimeout(() => this.#giveUp(turn), BEGIN);
    sentences.forEach((sentence, place) => {
      const piece = new SpeechSynthesisUtterance(sentence);
      piece.voice = voice;
      piece.lang = voice.lang;
      piece.onstart = () => turn === this.#turn && place === 0 && begun();
      piece.onend = () => turn === this.#turn && place === last && this.#done();
      piece.onerror = () => turn === this.#turn && this.#giveUp(turn);
      this.#synth.speak(piece);
    });
  }

  /** @param {number} turn */
  #remind(turn) {
    if (turn !== this.#turn || !this.#now) return;
    this.#tell(this.#now, true);
    this.#timer = window.setTimeout(() => this.#remind(turn), REMIND);
  }

  /** @param {number} turn */
  #giveUp(turn) {
    if (turn !== this.#turn || !this.#now) return;
    this.#mute.add(this.#now.language);
    this.#onMute();
    this.#synth.cancel();
    this.#done();
  }

  #done() {
    this.#end();
    this.#next();
  }

  #end() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    if (this.#now) this.#tell(this.#now, false);
    this.#now = null;
  }

  /** @param {string} language */
  #voice(language) {
    if (this.#mute.has(language)) return undefined;
    const voices = (this.#synth?.getVoices() ?? []).map((voice) => ({ voice, tag: voice.lang.replace("_", "-") }));
    const near = voices.filter(({ tag }) => tag.slice(0, 2) === language.slice(0, 2));
    const best = (/** @type {typeof near} */ some) => some.find(({ voice }) => voice.localService) ?? some[0];
    return (best(near.filter(({ tag }) => tag === language)) ?? best(near))?.voice;
  }
}
