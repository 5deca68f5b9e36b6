import { fillTemplate } from '../request-context.ts';
import type { StepRunner } from './step.ts';

/** Sends a message; waits for its confirmation, unless the step does not want to know. */
export const runPublish: StepRunner<'publish'> = (step, { callers, calls, request }) => {
  const { to, payloadBytes, priority, delayMs, ttlMs, confirm } = step;
  const { caller } = callers.broker(step.edge);
  const key = fillTemplate(step.key, request);
  const { parameters } = request;
  const routed = {
    routingKey: step.routingKey === null ? key : fillTemplate(step.routingKey, request),
    headers: Object.fromEntries(step.headers.map(({ name, value }) => [name, fillTemplate(value, request)])),
  };
  const published = calls.count(step.edge, () =>
    caller.publish({ to, key, payloadBytes, priority, delayMs, ttlMs, parameters, ...routed }, request),
  );
  if (confirm) return published;
  // What becomes of it is counted all the same.
  published.catch(() => {});
  return undefined;
};
