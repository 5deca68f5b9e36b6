/** A replica of an edge's target, as one caller sees it. */
export interface Endpoint {
  readonly port: number;
  readonly replica: number;
  /** Its share relative to the others' when nothing holds it back. */
  fullWeight: number;
  /** Its share now: less than the full one while it starts slowly. */
  weight: number;
  /** Requests that were sent to it and have not ended. */
  inFlight: number;
  /** Requests that were sent to it since the replicas or their weights last changed. */
  requests: number;
  /** When it began, or began again, to take requests. */
  sinceMs: number;
}

/** Chooses one of the candidates, of which there is at least one. All have a weight above 0. */
export type Pick = (candidates: readonly Endpoint[], key: string | undefined) => Endpoint;
