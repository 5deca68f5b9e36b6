import { injectFunctionAct } from '../inject-function-act.ts';
import type { SlowInitParameters } from './act.ts';

export const injectSlowInit = injectFunctionAct<SlowInitParameters>('slow-init', {
  counter: 'slowedInits',
  // As long as an INIT may take.
  ...{ counted: 'longer INITs that were survived', seen: 'INITs', lookMs: 15_000 },
  also({ slowedInitMs = 0, slowedInits = 0 }, before, { delayMs }) {
    const meanMs = (slowedInitMs - (before.slowedInitMs ?? 0)) / Math.max(1, slowedInits - (before.slowedInits ?? 0));
    return { holds: meanMs >= delayMs, evidence: `, of ${Math.round(meanMs)} ms on average` };
  },
});
