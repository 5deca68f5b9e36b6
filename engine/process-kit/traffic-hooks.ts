import type { WiredEdge } from './protocol.ts';

/** What comes beside a plan: the plan's rate, or its users, times `factor - 1`. */
export interface Spike {
  factor: number;
  readonly seed: number;
  /** Iterations that it brought so far, and its users at work. */
  added: number;
  users: number;
}

/** Places where faults step into the traffic of a client. While no fault is on, each costs a look at a size. */
export interface TrafficHooks {
  /** May change the keys of a request in place. All of them were drawn as ever: no later request is another one. */
  keys: Set<(keys: number[]) => void>;
  /** May change how many bytes the body of a request has, where its method carries one. */
  bodyBytes: Set<(drawnBytes: number) => number>;
  /** A request is due along this edge. */
  due: Set<(edgeId: string) => void>;
  /** Keeps a request that is due by answering true, and calls `release` later, once. */
  hold: Set<(release: () => void) => boolean>;
  /** A request has failed, and was sent again so many times: true sends it once more, at once. */
  resend: Set<(resent: number) => boolean>;
  spikes: Set<Spike>;
  /** To be called when `spikes`, or one of them, has changed. */
  spikesChanged(): void;
  /** Iterations that ever began. */
  begun: number;
  /** Those that leave the client. */
  edges(): WiredEdge[];
}

export const trafficHooks: TrafficHooks = {
  keys: new Set(),
  bodyBytes: new Set(),
  due: new Set(),
  hold: new Set(),
  resend: new Set(),
  spikes: new Set(),
  spikesChanged() {},
  begun: 0,
  edges: () => [],
};
