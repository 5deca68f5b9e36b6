import type { z } from 'zod';
import type { HalfState, Injector, ProcessTarget } from '../inject.ts';
import { inMb } from '../process-usage.ts';
import { pidOf } from '../running-process.ts';
import { untilAborted } from '../until-aborted.ts';
import type { heapLimitDefinition } from './definition.ts';

type Parameters = z.output<(typeof heapLimitDefinition)['parameters']>;

/** Beside the old generation, V8 counts the young one to the whole heap: three times 64 MB at most, and some. */
const YOUNG_MB = 200;
const LOOK_MS = 5000;
const ANSWER_MS = 2000;

export const injectHeapLimit: Injector<ProcessTarget, Parameters> = async (target, { limitMb }, { id, signal }) => {
  pidOf(target, 'restarted');
  /** What V8 in the process says that its heap may grow to. */
  const heapLimitMb = async (): Promise<number> => {
    const look = { id: `${id}-look`, fault: 'heap-limit', parameters: {}, seed: 0, probability: 1 };
    await target.call('fault-on', { ...look, expiresAtMs: Date.now() + LOOK_MS });
    const { measured } = (await target.call('fault-measured', { id: look.id })) as HalfState;
    await target.call('fault-off', { id: look.id });
    return measured?.limitMb ?? Number.NaN;
  };
  // Throws where the program is not ours, before anything is done.
  const beforeMb = await heapLimitMb();
  const lift = target.impose({ memoryLimitMb: limitMb }, 'this');
  try {
    await target.end('graceful');
    await target.start();
  } catch (error) {
    lift();
    await target.start().catch(() => {});
    throw error;
  }
  const capped = target.pid();

  return {
    async proveEffect() {
      const nowMb = await heapLimitMb();
      return {
        holds: nowMb <= limitMb + YOUNG_MB && nowMb < beforeMb,
        evidence: `the heap of process ${capped} may grow to ${inMb(nowMb)} in all, before ${inMb(beforeMb)}`,
      };
    },
    async proveRemoval() {
      const nowMb = await heapLimitMb();
      const answers = await target.healthy(ANSWER_MS);
      return {
        holds: answers && nowMb >= 0.9 * beforeMb,
        evidence: `the heap of process ${target.pid()} may grow to ${inMb(nowMb)} again; it ${answers ? 'answers' : 'does not answer'} its health check`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      lift();
      await target.end('graceful');
      await target.start();
    }),
  };
};
