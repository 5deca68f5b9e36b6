import { kinds } from '../kinds/index.ts';
import type { KindDefinition, MeasureDefinition } from '../model/definition.ts';
import { edgeMeasures } from '../model/edge-measures.ts';
import { count, mebibytes, milliseconds } from './figures.ts';

export const kindOf = (kind: string | undefined): KindDefinition | undefined =>
  (kinds as unknown as readonly KindDefinition[]).find((definition) => definition.kind === kind);

/** A figure of a kind's own in its unit, or the word for the state that it stands for. */
export function measured(value: number | null, { unit, states }: Pick<MeasureDefinition, 'unit' | 'states'>): string {
  if (value === null) return '–';
  if (states) return states[value] ?? String(value);
  switch (unit) {
    case 'ms':
      return milliseconds(value);
    case 'ratio':
      return `${(value * 100).toFixed(1)} %`;
    case 'times':
      return `${value.toFixed(2)} ×`;
    case 'bytes':
      return mebibytes(value);
    case 'per second':
      return `${value.toFixed(1)}/s`;
    case 'count':
      return count(Math.round(value * 10) / 10);
  }
}

/** The figures that are told, by their titles; those that say nothing are left out. */
function told(
  measures: Readonly<Record<string, number | null>>,
  definitions: readonly MeasureDefinition[],
): { title: string; text: string }[] {
  return definitions.flatMap((definition) => {
    const value = measures[definition.id];
    if (value === null || value === undefined) return [];
    if (value === 0 && definition.source.type === 'total') return [];
    return [{ title: definition.title, text: measured(value, definition) }];
  });
}

export const nodeMeasures = (kind: string | undefined, measures: Readonly<Record<string, number | null>>) =>
  told(measures, kindOf(kind)?.measures ?? []);

export const edgeMeasuresOf = (measures: Readonly<Record<string, number | null>>) => told(measures, edgeMeasures);
