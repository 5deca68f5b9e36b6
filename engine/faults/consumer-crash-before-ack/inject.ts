import { exists } from '../../runtime/operating-system.ts';
import { delay } from '../delay.ts';
import type { Injector, Measurement, ProcessTarget } from '../inject.ts';
import { pidOf } from '../running-process.ts';
import { startAgain } from '../start-again.ts';
import { unlessEnded } from '../unless-ended.ts';
import { untilAborted } from '../until-aborted.ts';
import type { ConsumerCrashParameters } from './act.ts';

const FAULT = 'consumer-crash-before-ack';
const LOOK_EVERY_MS = 25;
/** So long is waited for a message that is done. */
const LOOK_MS = 5000;
const ANSWER_MS = 2000;

export const injectConsumerCrash: Injector<ProcessTarget, ConsumerCrashParameters> = async (
  target,
  parameters,
  { id, seed, signal, ...options },
) => {
  const { times, restart, restartAfterMs } = parameters;
  let { expiresAtMs } = options;
  const firstPid = pidOf(target, 'crashed');
  let armedPid: number | null = null;
  let crashes = 0;

  /** The next message that is done ends the process, maybe before it has said that it is armed. */
  const arm = async (): Promise<void> => {
    const pid = pidOf(target, 'crashed');
    await unlessEnded(target, pid, () =>
      target.call('fault-on', { id, fault: FAULT, parameters, seed, probability: 1, expiresAtMs }),
    );
    armedPid = pid;
  };
  const isGone = (): boolean => armedPid !== null && !exists(armedPid);
  await arm();

  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      while (!signal.aborted && !isGone()) await delay(LOOK_EVERY_MS, signal);
      if (!isGone()) return;
      crashes += 1;
      if (restart === 'never') return;
      await delay(restartAfterMs, signal);
      await startAgain(target, { everyMs: restartAfterMs, signal });
      if (crashes >= times || signal.aborted) return;
      await arm();
    }
  };
  const looping = loop();
  looping.catch(() => {});

  return {
    async proveEffect(): Promise<Measurement> {
      const deadlineMs = performance.now() + LOOK_MS;
      while (crashes === 0 && performance.now() < deadlineMs) await delay(LOOK_EVERY_MS, signal);
      return {
        holds: crashes > 0,
        evidence:
          crashes > 0
            ? `process ${firstPid} ended when the work on a message was done, before its acknowledgement`
            : `no message was done within ${LOOK_MS} ms`,
      };
    },
    async proveRemoval() {
      const answers = await target.healthy(ANSWER_MS);
      const pid = target.pid();
      return {
        holds: answers && pid !== null && (crashes === 0 || pid !== firstPid),
        evidence: `after ${crashes} ${crashes === 1 ? 'end' : 'ends'} process ${pid} ${answers ? 'answers' : 'does not answer'} its health check`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      await looping.catch(() => {});
      if (armedPid !== null && target.pid() === armedPid)
        await unlessEnded(target, armedPid, () => target.call('fault-off', { id }));
      if (target.pid() === null) await target.start();
    }),
    async renew(untilMs) {
      expiresAtMs = untilMs;
      if (!isGone() && target.pid() === armedPid) await arm();
    },
  };
};
