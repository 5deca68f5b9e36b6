import type { Selector } from '../model/fault.ts';
import { seededRandom } from './random.ts';

/** Those of the members that the selector asks for, drawn from the seed and in their own order; never none of some. */
export function selectFrom<Member>(members: readonly Member[], select: Selector, seed: number): Member[] {
  if (select === 'all') return [...members];
  const wanted =
    select === 'one' ? 1 : 'fixed' in select ? select.fixed : Math.round((members.length * select.percent) / 100);
  const random = seededRandom(seed);
  const left = members.map((_, index) => index);
  const chosen: number[] = [];
  while (left.length > 0 && chosen.length < Math.max(1, wanted))
    chosen.push(...left.splice(Math.floor(random() * left.length), 1));
  return chosen.sort((a, b) => a - b).map((index) => members[index] as Member);
}
