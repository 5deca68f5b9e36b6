import type { EdgeTarget, Injector, Measurement } from '../inject.ts';
import { untilAborted } from '../until-aborted.ts';
import { untilMeasured } from '../until-measured.ts';
import type { HttpMatch } from './match-schema.ts';

/** So long is waited for a request that it can act on. */
const LOOK_MS = 3000;
const ANSWER_MS = 1500;

interface HttpProof<Parameters> {
  /** What it does to a request, such as "answered in the target's place". */
  did: string;
  /** What else must hold, and is told, of the link's figures. */
  effect?(figures: Record<string, number>, parameters: Parameters): Measurement;
}

/** The injector of a fault that acts on the requests of an HTTP edge in its link, whose own figures are the proof. */
export const injectHttp =
  <Parameters extends HttpMatch>(fault: string, proof: HttpProof<Parameters>): Injector<EdgeTarget, Parameters> =>
  async (target, parameters, { id, signal, seed, probability, ...options }) => {
    let current = parameters;
    let { expiresAtMs } = options;
    const state = () => target.linkFaultState(id);
    const set = (): Promise<void> =>
      target.setLinkFault({
        ...{ id, fault, seed, expiresAtMs },
        parameters: { ...current, probability, hop: target.edgeId },
      });
    try {
      await set();
    } catch (error) {
      await target.clearLinkFault(id).catch(() => {});
      throw error;
    }

    return {
      async proveEffect() {
        const figures = await untilMeasured(state, ({ actedNow = 0 }) => actedNow > 0, LOOK_MS);
        const { acted = 0, matched = 0, requests = 0 } = figures;
        if ((figures.actedNow ?? 0) === 0)
          return {
            holds: false,
            evidence: `none of ${requests} requests was ${proof.did} within ${LOOK_MS} ms (${matched} matched)`,
          };
        const more = proof.effect?.(figures, current);
        return {
          holds: more?.holds ?? true,
          evidence: `${acted} of ${requests} requests ${proof.did}${more ? `, ${more.evidence}` : ''}`,
        };
      },
      async proveRemoval() {
        const { on, measured } = await state();
        const answeredMs = await target.roundTripMs({ samples: 1, timeoutMs: ANSWER_MS });
        return {
          holds: !on && answeredMs !== null,
          evidence: `the link ${on ? 'still has the fault' : 'has no such fault any more'}, which acted on ${measured?.acted ?? 0} requests; a health check through it is ${answeredMs === null ? 'not answered' : `answered in ${answeredMs.toFixed(1)} ms`}`,
        };
      },
      undone: untilAborted(signal).then(() => target.clearLinkFault(id)),
      renew(untilMs) {
        expiresAtMs = untilMs;
        return set();
      },
      update(changed: Parameters) {
        current = changed;
        return set();
      },
    };
  };
