import { expect, test } from 'vitest';
import { faults } from '../faults/index.ts';
import { injectors } from '../faults/injectors.ts';
import { kinds } from '../kinds/index.ts';
import type { FaultDefinition } from '../model/definition.ts';
import { onAnything, onEdges, onGroups, onKinds } from './fault-matrix.fixture.ts';

const all = faults as unknown as readonly FaultDefinition[];

test('every fault of the catalogue is run somewhere, and nothing is run that is not in it', () => {
  const run = [...onKinds, ...onEdges, ...onGroups].map(([, fault]) => fault).concat(onAnything);
  expect([...new Set(run)].sort()).toEqual(all.map(({ fault }) => fault).sort());
});

test.each(kinds.map(({ kind, faults: listed }) => [kind, listed] as const))(
  'what the kind "%s" lists acts on processes or nodes, each once',
  (_, listed) => {
    const targets = listed.map((fault) => [fault, all.find((known) => known.fault === fault)?.target]);
    expect(targets.filter(([, target]) => target !== 'process' && target !== 'node')).toEqual([]);
    expect(new Set(listed).size).toBe(listed.length);
  },
);

test('what is made of other faults has no injector of its own, and everything else has one', () => {
  const composed = [...onGroups.map(([, fault]) => fault), ...onAnything];
  expect(Object.keys(injectors).sort()).toEqual(
    all
      .map(({ fault }) => fault)
      .filter((fault) => !composed.includes(fault))
      .sort(),
  );
});
