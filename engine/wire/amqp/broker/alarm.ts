/** Reasons of drills are apart from real ones, so that one does not end the other. */
export const DRILL = 'drill:';

/** While it is on, connections that publish are not read from. */
export class Alarm {
  readonly #reasons = new Set<string>();
  readonly #cleared: () => void;

  /** `cleared`: called when it goes off. */
  constructor(cleared: () => void) {
    this.#cleared = cleared;
  }

  get isOn(): boolean {
    return this.#reasons.size > 0;
  }

  /** What connections are told. */
  get reason(): string {
    const what = new Set([...this.#reasons].map((reason) => reason.replace(DRILL, '')));
    return `low on ${[...what].join(' & ')}`;
  }

  /** There is too little of it, e.g. `memory`. */
  raise(what: string): void {
    this.#reasons.add(what);
  }

  clear(what: string): void {
    if (this.#reasons.delete(what) && !this.isOn) this.#cleared();
  }

  has(what: string): boolean {
    return this.#reasons.has(what);
  }
}
