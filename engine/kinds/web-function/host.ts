/** Where code runs that answers HTTP at a port of its own: a process, or an isolate in this one. */
export interface Host {
  /** Its process, once there is one. */
  readonly pid: number | null;
  /** Its port on 127.0.0.1, once it is ready. */
  readonly port: number;
  /** Resolves with null when it answers, or with why it does not; it is gone then. Called once. */
  start(timeoutMs: number): Promise<string | null>;
  /** CPU time that it has used so far. */
  cpuUs(): number;
  residentBytes(): number;
  /** It may end by itself, for a moment. Resolves when it is gone. */
  shutDown(): Promise<void>;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
  /** Resolves with how it ended, in words. */
  readonly gone: Promise<string>;
}
