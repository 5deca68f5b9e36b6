import type { Analysis, Strategy } from '../../model/deploy.ts';
import type { Member } from '../running-node.ts';

/** What a strategy can do with the replicas of its node. Every step throws once the deploy is to be rolled back. */
export interface Rollout {
  /** How many replicas the node should have. */
  readonly desired: number;
  /** Replicas of the version before, and of the new one. */
  old(): Member[];
  fresh(): Member[];
  /** Starts so many replicas of the new version; resolves when they are ready, without any traffic yet. */
  start(count: number): Promise<Member[]>;
  /** The new replicas take requests beside the old ones. */
  join(members: readonly Member[]): Promise<void>;
  /** The new replicas get this share of the requests, all together. */
  canary(share: number): Promise<void>;
  /** The new replicas get a copy of each request. */
  shadow(): Promise<void>;
  /** In one step for each caller: the new replicas take all requests, the old ones none. */
  switchOver(): Promise<void>;
  /** Callers know first; then each finishes what it has, and ends. */
  retire(members: readonly Member[]): Promise<void>;
  /** Observes the new replicas for this time, and throws when they are not good enough. */
  observe(analysis: Analysis, durationMs: number): Promise<void>;
  /** What it does now, for people. */
  phase(text: string): void;
}

/** Puts the new version in the place of the old one. False when it was only tried, and goes again. */
export type RollOut<Type extends Strategy['type']> = (
  rollout: Rollout,
  strategy: Extract<Strategy, { type: Type }>,
) => Promise<boolean>;
