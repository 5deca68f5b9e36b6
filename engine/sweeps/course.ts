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
  scenario: string;
  seed: number;
  /** By what is known so far; only to announce the end. */
  expected(): { steps: number; stepMs: number };
  run(course: Course): Promise<void>;
  finding(): Finding;
}
