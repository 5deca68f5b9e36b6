import type { DocumentError } from '../model/definition.ts';
import type { Step } from '../model/handler.ts';

/** Settings of a cache step that contradict each other. */
export function checkCacheStep(step: Extract<Step, { do: 'cache' }>, at: string): DocumentError[] {
  const errors: DocumentError[] = [];
  if (step.pattern === 'cache-aside' && step.steps.length === 0)
    errors.push({
      path: `${at}.steps`,
      message: 'a cache-aside step has nothing to load by on a miss',
      nextStep:
        'Put the steps here that load the value, such as a query or a call; or let the cache load it: read-through.',
    });
  if (step.pattern === 'read-through' && step.staleWhileRevalidateMs > 0)
    errors.push({
      path: `${at}.staleWhileRevalidateMs`,
      message: 'in a read-through the cache loads and keeps values, so this step cannot keep stale ones',
      nextStep: 'Set "Stale while revalidate" to 0, or use the pattern cache-aside.',
    });
  if (step.ttlMs === null && step.staleWhileRevalidateMs > 0)
    errors.push({
      path: `${at}.staleWhileRevalidateMs`,
      message: 'a value without a time to live is never stale',
      nextStep: 'Give the step a "Time to live", or set "Stale while revalidate" to 0.',
    });
  return errors;
}
