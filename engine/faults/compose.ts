import type { ComposedPart, FaultDefinition } from '../model/definition.ts';
import type { Clock } from './clock.ts';
import type { Injector, Measurement } from './inject.ts';
import { type PlannedPart, preparePart, putOnPart, type RunningPart } from './part.ts';
import { untilAborted } from './until-aborted.ts';

/** Several faults as one: all on or none, each proven by itself, off together. */
export function injectTogether(definition: FaultDefinition, clock: Clock): Injector<readonly PlannedPart[], unknown> {
  const inject: Injector<readonly PlannedPart[], unknown> = async (planned, parameters, options) => {
    const aborter = new AbortController();
    options.signal.addEventListener('abort', () => aborter.abort(), { once: true });
    if (options.signal.aborted) aborter.abort();
    const grown = partsOf(definition, parameters);
    const wanted = planned.map((part) => ({
      ...part,
      parameters: { ...part.parameters, ...grown.find(({ fault }) => fault === part.fault)?.parameters },
    }));
    const parts: RunningPart[] = [];
    try {
      // What each is compared with must be seen before the first of them acts.
      const prepared = (options.prepared as unknown[] | undefined) ?? (await Promise.all(wanted.map(preparePart)));
      for (const [index, part] of wanted.entries()) {
        const given = { ...options, id: `${options.id}-${part.fault}`, prepared: prepared[index] };
        parts.push(await putOnPart(part, { ...given, signal: aborter.signal }, clock));
      }
    } catch (error) {
      aborter.abort();
      await Promise.allSettled(parts.map((part) => part.takeOff()));
      throw error;
    }

    const prove = async (measure: (part: RunningPart) => Promise<Measurement>): Promise<Measurement> => {
      const proofs = await Promise.all(parts.map(measure));
      return {
        holds: proofs.every(({ holds }) => holds),
        evidence: proofs.map(({ evidence }, index) => `${parts[index]?.status.fault}: ${evidence}`).join('; '),
      };
    };
    return {
      proveEffect: () => prove((part) => part.proveEffect()),
      proveRemoval: () => prove((part) => part.proveRemoval()),
      undone: untilAborted(aborter.signal).then(async () => {
        // All of them come off, whatever becomes of one.
        const ends = await Promise.allSettled(parts.map((part) => part.takeOff()));
        const failed = ends.find((end) => end.status === 'rejected');
        if (failed) throw failed.reason;
      }),
      async renew(expiresAtMs) {
        await Promise.all(parts.map(({ injected }) => injected.renew?.(expiresAtMs)));
      },
      async update(changed) {
        const next = partsOf(definition, changed);
        await Promise.all(
          parts.map(({ injected, status }) => {
            status.parameters = {
              ...status.parameters,
              ...next.find(({ fault }) => fault === status.fault)?.parameters,
            };
            return injected.update?.(status.parameters as never);
          }),
        );
      },
      parts: () => parts.map(({ status }) => ({ ...status })),
    };
  };
  inject.prepare = (planned) => Promise.all(planned.map(preparePart));
  return inject;
}

const partsOf = ({ composition }: FaultDefinition, parameters: unknown): readonly ComposedPart[] =>
  composition?.parts(parameters as never) ?? [];
