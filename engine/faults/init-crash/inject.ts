import { injectFunctionAct } from '../inject-function-act.ts';
import type { InitCrashParameters } from './act.ts';

export const injectInitCrash = injectFunctionAct<InitCrashParameters>('init-crash', {
  counter: 'initFailures',
  counted: 'failed INITs',
  seen: 'INITs',
});
