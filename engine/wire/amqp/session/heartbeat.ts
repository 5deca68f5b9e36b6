/** Watches that both sides of a connection say something: every so many seconds, as they have agreed. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout;
  #isPaused = false;

  /** `hasSent` and `hasReceived`: whether anything went by since they were asked last. */
  constructor(options: {
    intervalS: number;
    hasSent(): boolean;
    hasReceived(): boolean;
    send(): void;
    /** Nothing has come for two intervals. */
    lost(): void;
  }) {
    let silentHalves = 0;
    this.#timer = setInterval(() => {
      if (!options.hasSent()) options.send();
      silentHalves = options.hasReceived() || this.#isPaused ? 0 : silentHalves + 1;
      if (silentHalves > 4) options.lost();
    }, options.intervalS * 500).unref();
  }

  /** While the peer is not read from, nothing comes. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
