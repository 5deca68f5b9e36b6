/** While it is on, connections that publish are not read from. */
export class Alarm {
  readonly #reasons = new Set<string>();
  readonly #listeners = new Set<() => void>();

  get isOn(): boolean {
    return this.#reasons.size > 0;
  }

  /** What connections are told. */
  get reason(): string {
    return `low on ${[...this.#reasons].join(' & ')}`;
  }

  /** `what` there is too little of, e.g. memory. */
  raise(what: string): void {
    this.#reasons.add(what);
  }

  clear(what: string): void {
    if (!this.#reasons.delete(what) || this.isOn) return;
    for (const listener of [...this.#listeners]) listener();
  }

  has(what: string): boolean {
    return this.#reasons.has(what);
  }

  /** Called when it goes off. */
  onClear(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
