import type { FaultDefinition } from '../model/definition.ts';
import type { Clock } from './clock.ts';
import type { Injector, Measurement } from './inject.ts';
import { type PlannedPart, putOnPart, type RunningPart } from './part.ts';
import { untilAborted } from './until-aborted.ts';

/** Several faults as one: all on or none, each proven by itself, off together. */
export const injectTogether =
  (definition: FaultDefinition, clock: Clock): Injector<readonly PlannedPart[], unknown> =>
  async (planned, parameters, options) => {
    const aborter = new AbortController();
    options.signal.addEventListener('abort', () => aborter.abort(), { once: true });
    if (options.signal.aborted) aborter.abort();
    const grown = partsOf(definition, parameters);
    const results = await Promise.allSettled(
      planned.map((part, index) =>
        putOnPart(
          { ...part, parameters: { ...part.parameters, ...grown[index] } },
          { ...options, id: `${options.id}-${part.fault}`, signal: aborter.signal },
          clock,
        ),
      ),
    );
    const parts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) {
      aborter.abort();
      await Promise.allSettled(parts.map((part) => part.takeOff()));
      throw failure.reason;
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
          parts.map(({ injected, status }, index) => {
            status.parameters = { ...status.parameters, ...next[index] };
            return injected.update?.(status.parameters as never);
          }),
        );
      },
      parts: () => parts.map(({ status }) => ({ ...status })),
    };
  };

const partsOf = ({ composition }: FaultDefinition, parameters: unknown): Record<string, unknown>[] =>
  (composition?.parts(parameters as never) ?? []).map((part) => part.parameters);
