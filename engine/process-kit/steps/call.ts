import { fillTemplate } from '../request-context.ts';
import type { StepRunner } from './step.ts';

export const runCall: StepRunner<'call'> = async (step, { callers, calls, request }) => {
  const { caller } = callers.get('http', step.edge);
  const path = fillTemplate(step.path, request, encodeURIComponent);
  const { deadlineMs, span: parent } = request;
  await calls.count(step.edge, () => caller.fetch({ method: step.method, path, deadlineMs, parent }));
};
