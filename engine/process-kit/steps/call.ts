import { CallFailure, failureOfResponse } from '../call-failure.ts';
import { readToEnd } from '../http-caller.ts';
import { fillTemplate } from '../request-context.ts';
import type { StepRunner } from './step.ts';

export const runCall: StepRunner<'call'> = (step, { callers, calls, request }) => {
  const { edge, caller } = callers.get('http', step.edge);
  return calls.count(step.edge, async () => {
    const response = await caller.send({
      method: step.method,
      path: fillTemplate(step.path, request, encodeURIComponent),
      parent: request.span,
    });
    await readToEnd(response).catch((error: Error) => {
      throw error instanceof CallFailure ? error : new CallFailure('reset', step.edge, error.message);
    });
    const failure = failureOfResponse(response, edge.targetId);
    if (failure) throw failure;
  });
};
