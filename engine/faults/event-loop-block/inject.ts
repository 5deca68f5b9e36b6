import type { ProcessTarget } from '../inject.ts';
import { injectAct } from '../inject-act.ts';
import type { EventLoopBlockParameters } from './act.ts';

const ANSWER_MS = 6000;
/** A health check that waits through a block may have come a little after its beginning. */
const ENOUGH = 0.8;
/** A busy machine may hold the process for reasons of its own. */
const LOOKS = 4;

/** One health check after the other, for so long or until one took as long as that; resolves with the slowest. */
async function slowestCheck(
  target: ProcessTarget,
  { forMs, until }: { forMs: number; until: number },
): Promise<{ slowestMs: number; checks: number }> {
  const fromMs = performance.now();
  let slowestMs = 0;
  let checks = 0;
  while (performance.now() - fromMs < forMs && slowestMs < until) {
    const startMs = performance.now();
    await target.healthy(ANSWER_MS);
    slowestMs = Math.max(slowestMs, performance.now() - startMs);
    checks += 1;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { slowestMs, checks };
}

export const injectEventLoopBlock = injectAct<EventLoopBlockParameters>('event-loop-block', {
  async effect({ target, parameters: { blockMs, everyMs }, state }) {
    const enough = ENOUGH * blockMs;
    const { slowestMs, checks } = await slowestCheck(target, { forMs: 3 * everyMs + 1000, until: enough });
    const { blocks = 0 } = (await state()).measured ?? {};
    return {
      holds: slowestMs >= enough && blocks > 0,
      evidence: `the slowest of ${checks} health checks took ${slowestMs.toFixed(0)} ms (expected ${blockMs} ms); blocked ${blocks} times`,
    };
  },
  async removal({ target, parameters: { blockMs, everyMs }, state }) {
    const enough = ENOUGH * blockMs;
    let seen = { slowestMs: Number.POSITIVE_INFINITY, checks: 0 };
    for (let look = 0; look < LOOKS && seen.slowestMs >= enough; look += 1)
      seen = await slowestCheck(target, { forMs: Math.min(2000, everyMs + blockMs), until: Number.POSITIVE_INFINITY });
    const { on } = await state();
    return {
      holds: !on && seen.slowestMs < enough,
      evidence: `the slowest of ${seen.checks} health checks took ${seen.slowestMs.toFixed(0)} ms; the fault is ${on ? 'still at work' : 'gone'} from the process`,
    };
  },
});
