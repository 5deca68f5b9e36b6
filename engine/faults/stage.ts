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
}

export interface StageContext<Parameters> {
  parameters: Parameters;
  emit(item: Item): void;
  now(): number;
  /** Runs as near as possible to `atMs` of `now`'s clock; returns its cancel. */
  schedule(atMs: number, run: () => void): () => void;
  random(): number;
}

/** The half of an edge fault that runs in the link process. */
export interface LinkFault<Parameters> {
  directions(parameters: Parameters): readonly Direction[];
  createStage(context: StageContext<Parameters>): Stage<Parameters>;
}
