import type { Step } from '../../model/handler.ts';
import { CallFailure } from '../call-failure.ts';
import type { RequestContext } from '../request-context.ts';
import { runCache } from './cache.ts';
import { runCall } from './call.ts';
import { runCode } from './code.ts';
import { runCpu } from './cpu.ts';
import { runMixed } from './mixed.ts';
import { runPublish } from './publish.ts';
import { runQuery } from './query.ts';
import type { StepContext, StepRunner } from './step.ts';
import { runWait } from './wait.ts';

/** One runner for each step that a document may hold: a new step is one file here and one entry of `stepSchema`. */
const runners: { [Do in Step['do']]: StepRunner<Do> } = {
  wait: runWait,
  cpu: runCpu,
  mixed: runMixed,
  query: runQuery,
  call: runCall,
  cache: runCache,
  publish: runPublish,
  code: runCode,
};

/** Runs steps one after the other. */
export async function runSteps(steps: readonly Step[], context: Omit<StepContext, 'run'>): Promise<void> {
  const whole: StepContext = {
    ...context,
    run: (further, request = context.request) => runSteps(further, { ...context, request }),
  };
  for (const step of steps) {
    if (isExpired(context.request))
      throw new CallFailure('expired', context.nodeId, 'nobody waits for the answer any more');
    await (runners[step.do] as StepRunner<Step['do']>)(step as never, whole);
  }
}

const isExpired = ({ deadlineMs }: RequestContext): boolean =>
  deadlineMs < Number.POSITIVE_INFINITY && performance.now() >= deadlineMs;
