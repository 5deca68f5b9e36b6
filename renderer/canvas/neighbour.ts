import type { ArchipelDocument } from '../../engine/model/document.ts';
import { groupKey, middleOf } from '../stores/group-edits.ts';
import { boxOf, partKeys } from '../stores/parts.ts';
import { hiddenBy } from './flow-nodes.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** What is beside counts as further away than what lies straight ahead. */
const ASIDE = 2;

/** The nearest card in a direction; from nothing the first one; null where there is none. Frames are passed over, unless collapsed. */
export function neighbour(document: ArchipelDocument, from: string | null, direction: Direction): string | null {
  const keys = partKeys(document).filter((key) => isCard(document, key));
  const origin = from === null ? null : boxOf(document, from);
  if (!origin) return keys[0] ?? null;
  const here = middleOf(origin, origin);
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'right' || direction === 'down' ? 1 : -1;
  let best: { key: string; distance: number } | null = null;
  for (const key of keys) {
    const box = key === from ? null : boxOf(document, key);
    if (!box) continue;
    const there = middleOf(box, box);
    const ahead = sign * (horizontal ? there.x - here.x : there.y - here.y);
    const aside = Math.abs(horizontal ? there.y - here.y : there.x - here.x);
    if (ahead <= 0) continue;
    const distance = ahead + ASIDE * aside;
    if (!best || distance < best.distance) best = { key, distance };
  }
  return best?.key ?? null;
}

function isCard(document: ArchipelDocument, key: string): boolean {
  const group = document.groups.find(({ id }) => groupKey(id) === key);
  if (group) return group.collapsed === true && hiddenBy(document, group.parent) === null;
  return hiddenBy(document, document.nodes.find(({ id }) => id === key)?.group) === null;
}
