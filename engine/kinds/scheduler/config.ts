import type { Step } from '../../model/handler.ts';

/** A schedule as the process gets it. */
export interface Schedule {
  name: string;
  expression: string;
  timezone: string;
  overlap: 'allow' | 'skip';
  graceMs: number;
  timeoutMs: number;
  enabled: boolean;
  steps: Step[];
}
