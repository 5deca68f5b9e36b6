import { injectFunctionAct } from '../inject-function-act.ts';

export const injectColdStart = injectFunctionAct('cold-start', {
  counter: 'coldStarts',
  counted: 'cold starts',
  seen: 'invocations',
});
