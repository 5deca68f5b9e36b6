import { injectFunctionAct } from '../inject-function-act.ts';

export const injectFunctionTimeout = injectFunctionAct('function-timeout', {
  ...{ counter: 'timeouts', counted: 'timeouts', seen: 'invocations' },
  // As long as the timeout of a function with a long one.
  lookMs: 15_000,
});
