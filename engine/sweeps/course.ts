import type { SweepFindings } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { SweepWorld } from './world.ts';

/** What every step of a sweep shares while it runs. */
export interface Course {
  world: SweepWorld;
  signal: AbortSignal;
  document: ArchipelDocument;
  /** What paths in the document are relative to. */
  directory: string | null;
  /** Says what is measured next. */
  step(name: string): void;
  /**
   * One measurement, which is kept before anything follows from it. Where an earlier start of this sweep has kept it, that
   * one is the answer and nothing is measured. `name` tells which it is: measurements come in the same order each time.
   */
  point<Value>(name: string, measure: () => Promise<Value>): Promise<Value>;
}

/** A measurement as it is kept. */
export interface Point {
  name: string;
  value: unknown;
}

/** What an earlier start of a sweep has measured, and where this one keeps what it measures. */
export interface Points {
  /** In the order of measuring. */
  recorded: readonly Point[];
  /** Resolves when it is kept for good. */
  keep(index: number, point: Point): Promise<void>;
}

export interface Finding<Findings extends SweepFindings = SweepFindings> {
  findings: Findings;
  /** The finding, or why there is none, in a sentence. */
  conclusion: string;
  isConclusive: boolean;
  warnings: string[];
}

/** One sweep: how it goes, and what follows from what was measured so far, whether it came to its end or not. */
export interface SweepWork {
  name: string;
  title: string;
  /** Names of the documents, where it is about more than the one that it was started with. */
  document?: string;
  scenario: string;
  seed: number;
  /** By what is known so far; only to announce the end. */
  expected(): { steps: number; stepMs: number };
  run(course: Course): Promise<void>;
  finding(): Finding;
}
