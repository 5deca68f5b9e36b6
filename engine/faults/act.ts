import type { FaultHooks } from '../process-kit/fault-hooks.ts';

/** What a fault finds in the process that it acts in. */
export interface ActContext<Parameters> {
  parameters: Parameters;
  /** Share of the requests or connections that it acts on. */
  probability: number;
  /** Replays from the fault's seed. */
  random(): number;
  /** Places in the program where it may step in. */
  hooks: FaultHooks;
}

/** A fault at work in a process of ours. */
export interface Act<Parameters = never> {
  update?(parameters: Parameters): void;
  /** What it did and saw so far, for the proofs; plain numbers, units in their names. */
  measured?(): Record<string, number>;
  /** Undoes all of it. */
  stop(): void | Promise<void>;
}

/** The half of a fault that runs in the process. It must leave the event loop free to hear that it is over. */
export type StartAct<Parameters> = (context: ActContext<Parameters>) => Act<Parameters> | Promise<Act<Parameters>>;
