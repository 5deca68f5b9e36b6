import type { z } from 'zod';
import { ArchipelError } from '../../model/error.ts';
import type { Clock } from '../clock.ts';
import type { Injector, Measurement } from '../inject.ts';
import { memberOf, type PlannedPart, putOnPart, type RunningPart } from '../part.ts';
import { pause } from '../pausing.ts';
import { seededRandom } from '../random.ts';
import { untilAborted } from '../until-aborted.ts';
import type { mysteryDefinition } from './definition.ts';

type MysteryParameters = z.output<(typeof mysteryDefinition)['parameters']>;

/** So many candidates are tried where the one that was drawn cannot be put on. */
const MAX_TRIES = 30;

/**
 * Draws faults among the candidates, puts each on for a while, proves it, takes it off, proves that, and draws the next.
 * What it says while it is on names none of them.
 */
export const injectMystery =
  (clock: Clock): Injector<readonly PlannedPart[], MysteryParameters> =>
  async (candidates, { intensity, eachMs }, options) => {
    const { signal } = options;
    const parts: RunningPart[] = [];
    const on = new Set<RunningPart>();
    const busy = new Set<string>();
    const effects = new Map<RunningPart, Promise<Measurement>>();
    let { expiresAtMs } = options;
    let count = 0;
    const placeOf = ({ members }: Pick<PlannedPart, 'members'>): string =>
      members.map((member) => JSON.stringify(memberOf(member))).join();

    /** The drawn candidate, or the next one after it that can be put on; null when there is none. */
    const putOnNext = async (random: () => number): Promise<RunningPart | null> => {
      const from = Math.floor(random() * candidates.length);
      for (let tried = 0; tried < Math.min(candidates.length, MAX_TRIES) && !signal.aborted; tried += 1) {
        const candidate = candidates[(from + tried) % candidates.length] as PlannedPart;
        const place = placeOf(candidate);
        if (busy.has(place)) continue;
        busy.add(place);
        count += 1;
        const seed = Math.floor(random() * 2 ** 32);
        const own = { ...options, id: `${options.id}-${count}`, seed, expiresAtMs };
        const part = await putOnPart(candidate, own, clock).catch(() => null);
        if (part) {
          parts.push(part);
          on.add(part);
          effects.set(part, part.proveEffect());
          return part;
        }
        busy.delete(place);
      }
      return null;
    };

    const takeOff = async (part: RunningPart): Promise<void> => {
      try {
        await part.takeOff();
      } finally {
        on.delete(part);
      }
    };

    /** Nobody else acts where a removal is still being measured. */
    const leave = (part: RunningPart): void =>
      void busy.delete(part.status.members.map((member) => JSON.stringify(member)).join());

    /** One after the other, until the end. */
    const go = async (first: RunningPart, random: () => number): Promise<void> => {
      for (let part: RunningPart | null = first; part; part = await putOnNext(random)) {
        const onMs = eachMs * (0.5 + random());
        const gapMs = eachMs * (0.1 + 0.4 * random());
        await pause(clock, part.status.startedAtMs + onMs - clock.now(), signal);
        // Its effect is measured while it is on, unless all of it ends.
        await Promise.race([effects.get(part), untilAborted(signal)]);
        await takeOff(part);
        if (signal.aborted) return;
        await part.proveRemoval();
        leave(part);
        await pause(clock, gapMs, signal);
        if (signal.aborted) return;
      }
    };

    const slots: { part: RunningPart; random: () => number }[] = [];
    for (let slot = 0; slot < intensity; slot += 1) {
      const random = seededRandom((options.seed + Math.imul(slot, 0x9e3779b9)) >>> 0);
      const part = await putOnNext(random);
      if (part) slots.push({ part, random });
    }
    if (slots.length === 0)
      throw new ArchipelError(
        'fault-impossible',
        'Nothing that runs can bear a fault of these families now.',
        'Choose more families, or another target.',
      );

    return {
      async proveEffect() {
        const proofs = await Promise.all(slots.map(({ part }) => effects.get(part) as Promise<Measurement>));
        const proven = proofs.filter(({ holds }) => holds).length;
        return {
          holds: proven === proofs.length,
          evidence: `${proven} of ${proofs.length} hidden faults show their effect; which is told at the end`,
        };
      },
      async proveRemoval() {
        await Promise.all(parts.map((part) => part.status.proofOfRemoval ?? part.proveRemoval()));
        const proven = parts.filter(
          ({ status }) => status.proofOfEffect?.holds !== false && status.proofOfRemoval?.holds === true,
        );
        return {
          holds: proven.length === parts.length,
          evidence: `${proven.length} of ${parts.length} came and went with proof: ${parts.map(told).join('; ')}`,
        };
      },
      undone: Promise.allSettled(slots.map(({ part, random }) => go(part, random))).then(async (ends) => {
        await Promise.all([...on].map(takeOff));
        const failed = ends.find((end) => end.status === 'rejected');
        if (failed) throw failed.reason;
      }),
      async renew(untilMs) {
        expiresAtMs = untilMs;
        await Promise.all([...on].map(({ injected }) => injected.renew?.(untilMs)));
      },
      parts: () => parts.map(({ status }) => ({ ...status })),
    };
  };

const told = ({ status: { fault, members, proofOfEffect, proofOfRemoval } }: RunningPart): string => {
  const places = members.map((member) => ('edge' in member ? member.edge : `${member.node}#${member.replica}`));
  return `${fault} on ${places.join(', ')} (effect ${said(proofOfEffect)}, removal ${said(proofOfRemoval)})`;
};

const said = (proof: Measurement | null): string =>
  proof === null ? 'not measured before it ended' : proof.holds ? 'proven' : 'not proven';
