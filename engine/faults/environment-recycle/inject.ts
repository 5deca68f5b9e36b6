import { injectFunctionAct } from '../inject-function-act.ts';
import type { EnvironmentRecycleParameters } from './act.ts';

export const injectEnvironmentRecycle = injectFunctionAct<EnvironmentRecycleParameters>('environment-recycle', {
  counter: 'crashes',
  counted: 'crashes',
  seen: 'invocations',
});
