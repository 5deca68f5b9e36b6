import { describe, expect, it } from 'vitest';
import { bezierOf, pointOn } from './bezier.ts';
import { placeLabels } from './label-places.ts';

const straight = (id: string, x0: number, x1: number, y: number) => ({
  id,
  curve: bezierOf(`M${x0},${y} C${(x0 + x1) / 2},${y} ${(x0 + x1) / 2},${y} ${x1},${y}`),
  width: 80,
  height: 40,
});

describe('places of labels', () => {
  it('are in the middle where nothing is in the way', () => {
    expect(placeLabels([straight('a', 0, 400, 0)], []).get('a')).toBe(0.5);
  });

  it('are beside a card that the edge passes', () => {
    const card = { x: 160, y: -50, width: 216, height: 100 };
    const edge = straight('a', 0, 600, 0);
    const { x } = pointOn(edge.curve, placeLabels([edge], [card]).get('a') ?? 0);
    expect(x + 40 <= card.x || x - 40 >= card.x + card.width).toBe(true);
  });

  it('do not lie over each other where edges cross', () => {
    const down = { id: 'b', curve: bezierOf('M200,-200 C200,0 200,0 200,200'), width: 80, height: 40 };
    const across = straight('a', 0, 400, 0);
    const places = placeLabels([across, down], []);
    const [a, b] = [pointOn(across.curve, places.get('a') ?? 0), pointOn(down.curve, places.get('b') ?? 0)];
    expect(Math.abs(a.x - b.x) >= 80 || Math.abs(a.y - b.y) >= 40).toBe(true);
  });

  it('stay in the middle where no place is free', () => {
    const everywhere = { x: -1000, y: -1000, width: 3000, height: 2000 };
    expect(placeLabels([straight('a', 0, 400, 0)], [everywhere]).get('a')).toBe(0.5);
  });
});

it('reads the curves of React Flow', () => {
  const curve = bezierOf('M10.5,-20 C60,-20 1e-7,40 110,40');
  expect(curve).toEqual([10.5, -20, 60, -20, 1e-7, 40, 110, 40]);
  expect(pointOn(curve, 0)).toEqual({ x: 10.5, y: -20 });
  expect(pointOn(curve, 1)).toEqual({ x: 110, y: 40 });
});
