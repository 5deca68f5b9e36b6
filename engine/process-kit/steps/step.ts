import type { Step } from '../../model/handler.ts';
import type { CallCounters } from '../call-counters.ts';
import type { Callers } from '../callers.ts';
import type { RequestContext } from '../request-context.ts';
import type { UserResponse } from '../user-code/handler.ts';

/** What a step may use. */
export interface StepContext {
  nodeId: string;
  request: RequestContext;
  callers: Callers;
  calls: CallCounters;
  /** Uniform in [0, 1). */
  random(): number;
  /** What will be answered: by the last step that says so, else what the program answers by itself. */
  answer: { response: UserResponse | null };
  /** Runs further steps, for those that hold steps of their own; for another request, where it says so. */
  run(steps: readonly Step[], request?: RequestContext): Promise<void>;
}

/** Runs one step. Throws a `CallFailure`, or any error, which then counts as "handler-error" here. What it answers is waited for. */
export type StepRunner<Do extends Step['do']> = (step: Extract<Step, { do: Do }>, context: StepContext) => unknown;
