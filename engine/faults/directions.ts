import type { Direction } from './stage.ts';

export const BOTH: readonly Direction[] = ['upstream', 'downstream'];

export const directionsOf = ({ direction }: { direction: Direction | 'both' }): readonly Direction[] =>
  direction === 'both' ? BOTH : [direction];
