/** The next arrival; `advance` moves on to the one after it. One object for all, so that thousands a second leave no garbage. */
export interface Arrivals {
  /** Milliseconds since the start of the source; infinite when no arrival comes any more. */
  readonly atMs: number;
  advance(): void;
}
