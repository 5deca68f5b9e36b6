import type { InjectedFault, Injector, Measurement, MemberTarget } from './inject.ts';

const nameOf = (member: MemberTarget): string => {
  if ('edgeId' in member) return member.edgeId;
  return member.replica === null ? member.nodeId : `${member.nodeId}#${member.replica}`;
};

/**
 * One fault on all members of a group: on everywhere, or nowhere. It comes off everywhere together, and it is proven
 * when it is proven at each member. Who joins the group while the fault is on is not part of it.
 */
export function injectEverywhere(inject: Injector<MemberTarget, unknown>): Injector<readonly MemberTarget[], unknown> {
  const injectAll: Injector<readonly MemberTarget[], unknown> = async (members, parameters, options) => {
    // One member's failure takes the fault off the others, before anybody hears of it.
    const aborter = new AbortController();
    options.signal.addEventListener('abort', () => aborter.abort(), { once: true });
    if (options.signal.aborted) aborter.abort();
    const results = await Promise.allSettled(
      members.map((member, index) =>
        inject(member, parameters, {
          ...options,
          prepared: (options.prepared as unknown[] | undefined)?.[index],
          id: `${options.id}-${index}`,
          seed: (options.seed + index) >>> 0,
          signal: aborter.signal,
        }),
      ),
    );
    const injected = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) {
      aborter.abort();
      await Promise.allSettled(injected.map(({ undone }) => undone));
      throw failure.reason;
    }
    const prove = async (measure: (fault: InjectedFault) => Promise<Measurement>): Promise<Measurement> => {
      const proofs = await Promise.all(injected.map(measure));
      return {
        holds: proofs.every(({ holds }) => holds),
        evidence: proofs
          .map(({ evidence }, index) => `${nameOf(members[index] as MemberTarget)}: ${evidence}`)
          .join('; '),
      };
    };
    return {
      proveEffect: () => prove((fault) => fault.proveEffect()),
      proveRemoval: () => prove((fault) => fault.proveRemoval()),
      undone: Promise.all(injected.map(({ undone }) => undone)).then(() => undefined),
      async renew(expiresAtMs) {
        await Promise.all(injected.map((fault) => fault.renew?.(expiresAtMs)));
      },
      async update(changed) {
        await Promise.all(injected.map((fault) => fault.update?.(changed)));
      },
    };
  };
  if (inject.prepare)
    injectAll.prepare = (members, parameters) =>
      Promise.all(members.map((member) => inject.prepare?.(member, parameters)));
  return injectAll;
}
