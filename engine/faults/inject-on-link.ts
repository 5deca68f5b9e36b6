import type { EdgeTarget, Injector, Measurement } from './inject.ts';
import { untilAborted } from './until-aborted.ts';

export interface LinkLook<Parameters, Before> {
  target: EdgeTarget;
  parameters: Parameters;
  /** Share of the connections that it acts on. */
  probability: number;
  /** What was measured before. */
  before: Before;
  /** What its half in the link has counted, up to its end. */
  figures(): Promise<Record<string, number>>;
}

interface LinkProofs<Parameters, Before> {
  /** Measures what the proofs compare with, before the fault is on. */
  before(target: EdgeTarget, parameters: Parameters): Promise<Before>;
  effect(look: LinkLook<Parameters, Before>): Promise<Measurement>;
  removal(look: LinkLook<Parameters, Before>): Promise<Measurement>;
}

/** The injector of a fault that acts inside the link: its stages or its door do it, the proofs look at it from here. */
export function injectOnLink<Parameters, Before>(
  fault: string,
  proofs: LinkProofs<Parameters, Before>,
): Injector<EdgeTarget, Parameters> {
  const inject: Injector<EdgeTarget, Parameters> = async (target, parameters, { id, signal, ...options }) => {
    const { seed, probability } = options;
    let current = parameters;
    let { expiresAtMs } = options;
    const set = (): Promise<void> =>
      target.setLinkFault({ id, fault, parameters: current, seed, probability, expiresAtMs });
    const before = (options.prepared ?? (await proofs.before(target, parameters))) as Before;
    try {
      await set();
    } catch (error) {
      await target.clearLinkFault(id).catch(() => {});
      throw error;
    }
    const look = (): LinkLook<Parameters, Before> => ({
      target,
      parameters: current,
      probability,
      before,
      figures: async () => (await target.linkFaultState(id)).measured ?? {},
    });

    return {
      proveEffect: () => proofs.effect(look()),
      proveRemoval: () => proofs.removal(look()),
      undone: untilAborted(signal).then(() => target.clearLinkFault(id)),
      renew(untilMs) {
        expiresAtMs = untilMs;
        return set();
      },
      update(changed) {
        current = changed;
        return set();
      },
    };
  };
  inject.prepare = proofs.before;
  return inject;
}
