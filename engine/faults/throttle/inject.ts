import { injectFunctionAct } from '../inject-function-act.ts';

export const injectThrottle = injectFunctionAct('throttle', {
  counter: 'throttles',
  counted: 'throttled requests',
  seen: 'requests',
});
