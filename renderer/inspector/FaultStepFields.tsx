import { Select } from '@mantine/core';
import type { FaultTarget } from '../../engine/model/fault.ts';
import type { Step } from '../experiments/timeline/steps.ts';
import { allFaults, familyTitles, faultDefinition } from '../faults/presentation.ts';
import { type FaultScope, targetsOf, type Where } from '../faults/scope.ts';
import { WhereFields } from '../faults/WhereFields.tsx';
import { said } from '../i18n/said.ts';
import { t, useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useReadOnly } from '../stores/trust.ts';
import type { ValuePath } from '../stores/value-at.ts';

interface Props {
  step: Extract<Step, { type: 'fault' }>;
  change(path: ValuePath, value: unknown): void;
}

/** Which fault, and where: one choice out of everything in the document, then whom of it. */
export function FaultStepFields({ step, change }: Props) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const readOnly = useReadOnly();
  const definition = faultDefinition(step.fault);
  const scope = scopeOfTarget(step.target);
  const where = whereOf(step.target);
  const put = (nextScope: FaultScope, nextWhere: Where): void => {
    const [target] = targetsOf(nextScope, definition ?? { fault: step.fault, target: 'process' }, nextWhere, document);
    if (target) change(['target'], target);
  };
  const place = JSON.stringify(scope);
  const option = (value: FaultScope, label: string) => ({ value: JSON.stringify(value), label });
  const acts = definition?.target ?? 'process';
  const onEdges = acts === 'edge';
  const places = [
    {
      group: onEdges ? t('Connections') : t('Nodes'),
      items:
        acts === 'group'
          ? []
          : onEdges
            ? document.edges.map(({ id }) => option({ type: 'edge', edge: id }, id))
            : document.nodes.map(({ id, name }) => option({ type: 'node', node: id }, name)),
    },
    { group: t('Frames'), items: document.groups.map(({ id, name }) => option({ type: 'group', group: id }, name)) },
    { group: t('All'), items: acts === 'group' ? [] : [option({ type: 'document' }, t('Everything'))] },
  ].filter(({ items }) => items.length > 0);
  const known = places.some(({ items }) => items.some(({ value }) => value === place));
  return (
    <>
      <Select
        size="xs"
        label={t('Fault')}
        searchable
        disabled={readOnly}
        description={definition && said(definition.help)}
        data={Object.entries(familyTitles).map(([family, title]) => ({
          group: t(title),
          items: allFaults
            .filter((fault) => fault.family === family)
            .map(({ fault, title }) => ({ value: fault, label: said(title) })),
        }))}
        value={step.fault}
        allowDeselect={false}
        onChange={(fault) => fault && change(['fault'], fault)}
      />
      <Select
        size="xs"
        label={t('On')}
        searchable
        disabled={readOnly}
        data={known ? places : [{ group: t('Now'), items: [{ value: place, label: nameOfScope(scope) }] }, ...places]}
        value={place}
        allowDeselect={false}
        onChange={(next) =>
          next && put(JSON.parse(next) as FaultScope, next === place ? where : firstWhere(JSON.parse(next)))
        }
      />
      {scope.type !== 'edge' && (acts === 'process' || acts === 'edge') && (
        <WhereFields
          where={where}
          replicas={
            scope.type === 'node' ? [0, 1, 2, 3].filter((replica) => replica <= Math.max(1, where.replica)) : null
          }
          all={onEdges ? t('All connections') : t('All replicas')}
          onChange={(next) => put(scope, next)}
        />
      )}
    </>
  );
}

const firstWhere = (scope: FaultScope): Where => ({
  replica: 0,
  select: scope.type === 'node' ? 'replica' : scope.type === 'document' ? 'one' : null,
});

function scopeOfTarget(target: FaultTarget): FaultScope {
  if ('node' in target) return { type: 'node', node: target.node };
  if ('edge' in target) return { type: 'edge', edge: target.edge };
  if ('edges' in target) return { type: 'several', nodes: [], edges: target.edges };
  return 'group' in target ? { type: 'group', group: target.group } : { type: 'document' };
}

const whereOf = (target: FaultTarget): Where => ({
  replica: 'node' in target ? target.replica : 0,
  select: 'select' in target && target.select !== undefined ? target.select : 'node' in target ? 'replica' : null,
});

const nameOfScope = (scope: FaultScope): string =>
  scope.type === 'several'
    ? scope.edges.join(', ')
    : scope.type === 'node'
      ? t('{{name}} (missing)', { name: scope.node })
      : scope.type === 'edge'
        ? t('{{name}} (missing)', { name: scope.edge })
        : t('somewhere else');
