import { injectHttp } from '../http-match/inject-http.ts';
import type { HttpDelayParameters } from './stage.ts';

export const injectHttpDelay = injectHttp<HttpDelayParameters>('http-delay', {
  did: 'held back by the edge',
  effect({ actedNow = 0, heldMs = 0 }, { delayMs, jitterMs }) {
    const meanMs = heldMs / actedNow;
    return {
      holds: meanMs >= 0.5 * Math.max(0, delayMs - jitterMs),
      evidence: `for ${meanMs.toFixed(1)} ms in the mean (expected ${delayMs}${jitterMs > 0 ? ` ± ${jitterMs}` : ''} ms)`,
    };
  },
});
