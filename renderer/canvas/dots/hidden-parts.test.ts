import { expect, it } from 'vitest';
import { bezierOf } from '../bezier.ts';
import { createRectGrid } from '../rect-grid.ts';
import { hiddenParts, isHidden } from './hidden-parts.ts';

it('dots pass below cards, and are seen on both sides of them', () => {
  const curve = bezierOf('M0,0 C100,0 200,0 300,0');
  const card = { x: 120, y: -40, width: 60, height: 80 };
  const hidden = hiddenParts(curve, createRectGrid([card, { ...card, y: 500 }]));
  expect([0, 0.3, 0.5, 0.7, 1].map((progress) => isHidden(hidden, progress))).toEqual([
    false,
    false,
    true,
    false,
    false,
  ]);
  expect(isHidden(undefined, 0.5)).toBe(false);
});
