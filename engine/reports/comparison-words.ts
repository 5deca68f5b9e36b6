import type { ComparedFigure, Comparison } from '../records/record.ts';

export const differenceWords: Record<ComparedFigure['verdict'], string> = {
  'a lower': 'A is lower',
  'b lower': 'B is lower',
  'none shown': 'no difference shown',
  'not judged': '',
};

/** A figure of a comparison without its unit, which has a column of its own. */
export function figureText({ unit }: Pick<ComparedFigure, 'unit'>, value: number | null): string {
  if (value === null) return '–';
  if (unit === 'bytes') return `${(value / 1024 / 1024).toFixed(1)} Mi`;
  return Math.abs(value) >= 100 || unit === 'count' ? value.toFixed(0) : value.toFixed(3);
}

export const comparedSections = ({
  overall,
  routes,
  nodes,
}: Comparison): { title: string; figures: readonly ComparedFigure[] }[] => [
  { title: 'All routes', figures: overall },
  ...[...Object.entries(routes), ...Object.entries(nodes)].map(([title, figures]) => ({ title, figures })),
];
