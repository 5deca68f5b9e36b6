import { faults } from '../faults/index.ts';
import { kinds } from '../kinds/index.ts';
import type { FaultDefinition } from '../model/definition.ts';
import { protocolSchema } from '../model/edge.ts';

/*
 * Every place where every fault can act, as the catalogue has it. Each list is run, pair by pair, by the conformance test that
 * it names: whatever is added to the catalogue is run without anybody thinking of it.
 */

const all = faults as unknown as readonly FaultDefinition[];

/** `kinds-conformance.test.ts`: a process of each kind that lists the fault, or a node of it as a whole. */
export const onKinds: readonly (readonly [kind: string, fault: string])[] = kinds.flatMap(({ kind, faults: listed }) =>
  listed.map((fault) => [kind, fault] as const),
);

/** `edge-faults-conformance.test.ts`: an edge of each protocol that it understands. */
export const onEdges: readonly (readonly [protocol: string, fault: string])[] = all
  .filter(({ target }) => target === 'edge')
  .flatMap(({ fault, protocols }) =>
    (protocols ?? protocolSchema.options).map((protocol) => [protocol, fault] as const),
  );

/** `composed-faults.test.ts`: a host, a zone, or both. */
export const onGroups: readonly (readonly [group: 'host' | 'zone', fault: string])[] = all.flatMap(
  ({ fault, composition }) => (composition?.groups ?? []).map((group) => [group, fault] as const),
);

/** `composed-faults.test.ts`: those that draw what they do. */
export const onAnything: readonly string[] = all.filter(({ target }) => target === 'any').map(({ fault }) => fault);
