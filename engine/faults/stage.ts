export type Direction = 'upstream' | 'downstream';

/** What travels through one direction of a connection, in order. `atMs` is when it reached the place (`performance.now`). */
export type Item =
  | { type: 'bytes'; bytes: Buffer; atMs: number }
  /** The sender will send nothing more (FIN). */
  | { type: 'end'; atMs: number }
  /** The connection was reset (RST). The last item. */
  | { type: 'reset'; atMs: number };

/** A fault at work in one direction of one connection. Whatever it emits goes to the next stage, or out. */
export interface Stage<Parameters = never> {
  push(item: Item): void;
  update(parameters: Parameters): void;
  /** Emits everything it holds, at once and in order: the fault is over. */
  flush(): void;
  /** Forgets everything it holds: the connection is over. */
  drop(): void;
  heldBytes(): number;
  /**
   * The fault is over, but the stage is in the midst of something that others would not understand half done: it begins
   * nothing more, and calls `done` when it may go. Without it, it goes at once. Either way it is flushed then.
   */
  leave?(done: () => void): void;
}

/** What one fault holds for all connections of its edge. */
export interface Shared<Parameters = never> {
  update?(parameters: Parameters): void;
  /** What it did and saw so far, for the proofs; plain numbers, units in their names. */
  measured?(): Record<string, number>;
}

export interface StageContext<Parameters, Common = unknown> {
  parameters: Parameters;
  emit(item: Item): void;
  now(): number;
  /** Runs as near as possible to `atMs` of `now`'s clock; returns its cancel. */
  schedule(atMs: number, run: () => void): () => void;
  random(): number;
  /** What the fault holds for all connections. */
  shared: Common;
  /** What both directions of this connection hold in common; made by the first that asks. */
  ofConnection<Value>(create: () => Value): Value;
  /** The connection was opened while the fault was on: nothing has passed through it yet. */
  isNew: boolean;
  direction: Direction;
}

/** The half of an edge fault that runs in the link process. */
export interface LinkFault<Parameters, Common extends Shared<Parameters> = Shared<Parameters>> {
  directions(parameters: Parameters): readonly Direction[];
  /** Once for each time that the fault is put on an edge. */
  share?(context: { parameters: Parameters; random(): number }): Common;
  createStage(context: StageContext<Parameters, Common>): Stage<Parameters>;
  /**
   * What it answers a caller with must not pass the stages that never saw the request: its downstream stage stands before those
   * of faults that came earlier, as its upstream stage stands after theirs.
   */
  nests?: boolean;
}
