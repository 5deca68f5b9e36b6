import type { Experiment } from '../experiment.ts';
import type { Scenario } from '../scenario.ts';
import type { HintSight } from './sight.ts';

/** An experiment made for one document, with the traffic that it needs. Its verdict is `passed` when the damage is shown. */
export interface Proof {
  experiment: Experiment;
  scenario: Scenario;
}

/** A weakness of a document, found in what the document says and not by running it. */
export interface Hint {
  /** The same as long as the weakness is at the same place. */
  id: string;
  rule: string;
  title: string;
  /** What was found, and what it leads to. */
  reason: string;
  advice: string;
  nodes: readonly string[];
  edges: readonly string[];
  /** Shows the damage; or why no experiment can be made. */
  proof: Proof | { missing: string };
}

export interface HintRule {
  rule: string;
  title: string;
  find(sight: HintSight): Omit<Hint, 'rule' | 'title' | 'id'>[];
}

export const provable = (hint: Hint): Proof | null => ('experiment' in hint.proof ? hint.proof : null);
