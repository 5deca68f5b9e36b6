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
  /** It wants no more for now, below what any fault may hold. The sender feels it as back-pressure. */
  isFull?(): boolean;
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

interface Tools {
  now(): number;
  /** Runs as near as possible to `atMs` of `now`'s clock; returns its cancel. */
  schedule(atMs: number, run: () => void): () => void;
  random(): number;
}

export interface StageContext<Parameters, Common = unknown> extends Tools {
  parameters: Parameters;
  direction: Direction;
  emit(item: Item): void;
  /** What the fault holds for all connections. */
  shared: Common;
  /** What both directions of this connection hold in common; made by the first that asks. */
  ofConnection<Value>(create: () => Value): Value;
  /** The connection was opened while the fault was on: nothing has passed through it yet. */
  isNew: boolean;
  /** Both sides of the connection meet a reset, at once. */
  reset(): void;
  /** Adds to what the fault has measured on the edge. */
  count(figure: string, by?: number): void;
}

export type Admission = 'serve' | 'wait' | 'reset';

/** A fault at work where connections come in, once on each edge. */
export interface Door<Parameters = never> {
  /** While it is, nobody listens, and the operating system refuses. */
  isShut(): boolean;
  /** Connections are accepted and nothing becomes of them where no replica is up, instead of being refused. */
  isSilent?(): boolean;
  /** What becomes of a connection that came in. One that waits is asked about again after each change. */
  admit(): Admission;
  update(parameters: Parameters): void;
  /** The fault is over. */
  close(): void;
}

export interface DoorContext<Parameters, Common = unknown> {
  parameters: Parameters;
  shared: Common;
  /** Share of the connections that the fault acts on. An operating system refuses all or none. */
  probability: number;
  /** Connections of the edge that are served now. */
  openConnections(): number;
  /** Tells that the door would now answer otherwise than before. */
  changed(): void;
  count(figure: string, by?: number): void;
}

/** The half of an edge fault that runs in the link process. */
export interface LinkFault<Parameters, Common extends Shared<Parameters> = Shared<Parameters>> {
  directions(parameters: Parameters): readonly Direction[];
  /** Once for each time that the fault is put on an edge. */
  share?(context: Tools & { parameters: Parameters }): Common;
  createStage(context: StageContext<Parameters, Common>): Stage<Parameters>;
  /** For a fault that acts on connections before they are served. */
  createDoor?(context: DoorContext<Parameters, Common>): Door<Parameters>;
  /**
   * What it answers a caller with must not pass the stages that never saw the request: its downstream stage stands before those
   * of faults that came earlier, as its upstream stage stands after theirs.
   */
  nests?: boolean;
}
