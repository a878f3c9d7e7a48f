// The tone that a caller in Sweden hears while it rings: 425 Hz, one second on, five off (ITU-T E.180, supplement 2).

const HERTZ = 425;
const ON = 1;
const PERIOD = 6;
const LOUDNESS = 0.06;
const SLOPE = 0.02;
/** A call is never rung for longer than this without a pause. */
const PERIODS = 50;

export class Ringback {
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {OscillatorNode | null} */
  #tone = null;

  /** Call it from a press of a key: browsers allow no sound before. */
  allow() {
    if (!window.AudioContext) return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {});
  }

  /** @param {boolean} isRinging */
  set(isRinging) {
    if (isRinging && !this.#tone && this.#context?.state === "running") this.#start(this.#context);
    if (!isRinging && this.#tone) this.#stop();
  }

  /** @param {AudioContext} context */
  #start(context) {
    const loudness = context.createGain();
    loudness.gain.value = 0;
    loudness.connect(context.destination);
    for (let period = 0; period < PERIODS; period += 1) {
      const begin = context.currentTime + period * PERIOD;
      loudness.gain.setValueAtTime(0, begin);
      loudness.gain.linearRampToValueAtTime(LOUDNESS, begin + SLOPE);
      loudness.gain.setValueAtTime(LOUDNESS, begin + ON - SLOPE);
      loudness.gain.linearRampToValueAtTime(0, begin + ON);
    }
    this.#tone = context.createOscillator();
    this.#tone.frequency.value = HERTZ;
    this.#tone.connect(loudness);
    this.#tone.start();
  }

  #stop() {
    this.#tone?.stop();
    this.#tone?.disconnect();
    this.#tone = null;
  }
}
