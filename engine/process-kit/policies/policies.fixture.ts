import { defaultEdgeConfig, type EdgeConfig } from '../../model/edge.ts';
import { createRandom } from '../../traffic/random.ts';
import { CallFailure } from '../call-failure.ts';
import { createFakeClock } from '../clock.fixture.ts';
import type { PolicedAttempts } from './policies.ts';
import { createPolicies } from './policies.ts';

/** After so long it answers, or fails for this reason. A number alone succeeds; infinity never ends. */
export type Script = number | [afterMs: number, reason: CallFailure['reason']];

export const fail = (reason: CallFailure['reason'], afterMs = 1): Script => [afterMs, reason];

/** Policies on a fake clock, and a target that does what its script says, attempt by attempt; then the last of it again. */
export function createStage(settings: Partial<EdgeConfig>, ...script: Script[]) {
  const clock = createFakeClock();
  const edge = { id: 'shop-auth', targetId: 'auth', config: { ...defaultEdgeConfig, ...settings } };
  const policies = createPolicies(edge, { clock, random: createRandom(1) });
  /** When each attempt began, and when it was broken off, if it was. */
  const began: number[] = [];
  const brokenOff: number[] = [];
  let underWay = 0;
  let mostUnderWay = 0;

  const attempt = ({ number, signal }: { number: number; signal: AbortSignal }): Promise<string> => {
    const step = script[Math.min(began.length, script.length - 1)] ?? 0;
    began.push(clock.now());
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    return new Promise((resolve, reject) => {
      const [afterMs, reason] = Array.isArray(step) ? step : [step, null];
      const end = (): void => {
        underWay -= 1;
      };
      const cancel =
        afterMs === Number.POSITIVE_INFINITY
          ? () => {}
          : clock.schedule(afterMs, () => {
              end();
              if (reason === null) resolve(`answer of attempt ${number}`);
              else reject(new CallFailure(reason, 'auth', reason));
            });
      signal.addEventListener('abort', () => {
        brokenOff.push(clock.now());
        cancel();
        end();
        reject(new CallFailure('cancelled', 'shop-auth', 'broken off'));
      });
    });
  };

  /** What became of a request, and when. */
  interface Outcome {
    atMs: number;
    answer?: string;
    reason?: string;
    hop?: string;
  }
  const request = (options: Partial<PolicedAttempts<string>> = {}): Promise<Outcome> =>
    policies.execute({ idempotent: true, attempt, fallback: ({ body }) => body, ...options }).then(
      (answer) => ({ atMs: clock.now(), answer }),
      ({ reason, hop }: CallFailure) => ({ atMs: clock.now(), reason, hop }),
    );

  return {
    clock,
    edge,
    policies,
    began,
    brokenOff,
    request,
    mostUnderWay: () => mostUnderWay,
    counters: () => policies.measure().counters,
    gauges: () => policies.measure().gauges,
    /** The outcome of one request, after so much time. */
    async outcome(afterMs = 60_000, options: Partial<PolicedAttempts<string>> = {}) {
      const outcome = request(options);
      await clock.advance(afterMs);
      return outcome;
    },
  };
}
