import { Group, NumberInput, Select } from '@mantine/core';
import type { Selector } from '../../engine/model/fault.ts';
import { useT } from '../i18n/t.ts';
import type { Where } from './scope.ts';

interface Props {
  where: Where;
  /** Replicas of the node, where the scope is one node; else null. */
  replicas: readonly number[] | null;
  /** What choosing none of them in particular is called, e.g. "All connections". */
  all: string;
  onChange(where: Where): void;
}

/** Which of several members a fault acts on. */
export function WhereFields({ where, replicas, all, onChange }: Props) {
  const t = useT();
  if (replicas !== null && replicas.length < 2) return null;
  const value = optionOf(where);
  const options = [
    ...(replicas ?? []).map((replica) => ({
      value: `replica ${replica}`,
      label: t('Replica {{replica}}', { replica }),
    })),
    { value: 'all', label: all },
    { value: 'one', label: t('One of them, drawn') },
    { value: 'fixed', label: t('So many, drawn') },
    { value: 'percent', label: t('A share, drawn') },
  ];
  const choose = (chosen: string | null) => {
    const replica = chosen?.startsWith('replica ') ? Number(chosen.slice(8)) : null;
    if (replica !== null) onChange({ replica, select: 'replica' });
    else onChange({ ...where, select: selectorOf(chosen ?? 'all', replicas !== null) });
  };
  const { select } = where;
  return (
    <Group gap={6} wrap="nowrap" align="flex-end" grow>
      <Select size="xs" label={t('Where')} data={options} value={value} onChange={choose} allowDeselect={false} />
      {select !== null && typeof select === 'object' && (
        <NumberInput
          size="xs"
          label={'fixed' in select ? t('How many') : t('Share')}
          min={1}
          max={'fixed' in select ? 1000 : 100}
          value={'fixed' in select ? select.fixed : select.percent}
          suffix={'percent' in select ? ' %' : undefined}
          allowDecimal={false}
          onChange={(next) => {
            if (typeof next !== 'number') return;
            onChange({ ...where, select: 'fixed' in select ? { fixed: next } : { percent: next } });
          }}
        />
      )}
    </Group>
  );
}

function optionOf({ replica, select }: Where): string {
  if (select === 'replica') return `replica ${replica}`;
  if (select === null) return 'all';
  return typeof select === 'string' ? select : 'fixed' in select ? 'fixed' : 'percent';
}

function selectorOf(chosen: string, ofNode: boolean): Selector | null {
  if (chosen === 'fixed') return { fixed: 2 };
  if (chosen === 'percent') return { percent: 50 };
  if (chosen === 'one') return 'one';
  return ofNode ? 'all' : null;
}
