import { describe, expect, it } from 'vitest';
import { align, distribute, nudge, outermost, snap } from './arrange.ts';
import { emptyDocument } from './document.ts';
import { addNode } from './document-edits.ts';
import { addGroup, groupKey } from './group-edits.ts';
import { removeParts, setLocked } from './parts.ts';

const drawn = [
  [0, 0],
  [300, 40],
  [900, 10],
].reduce((grown, [x = 0, y = 0]) => addNode(grown, 'service', { x, y }).document, emptyDocument());
const keys = ['service', 'service-2', 'service-3'];
const places = (document: typeof drawn, axis: 'x' | 'y') => document.nodes.map(({ position }) => position[axis]);

describe('arranging', () => {
  it('aligns along sides and middles', () => {
    expect(places(align(drawn, keys, 'left'), 'x')).toEqual([0, 0, 0]);
    expect(places(align(drawn, keys, 'right'), 'x')).toEqual([900, 900, 900]);
    expect(places(align(drawn, keys, 'top'), 'y')).toEqual([0, 0, 0]);
    expect(places(align(drawn, keys, 'middle'), 'y')).toEqual([20, 20, 20]);
    expect(places(align(drawn, keys, 'bottom'), 'y')).toEqual([40, 40, 40]);
    expect(places(align(drawn, keys, 'top'), 'x')).toEqual([0, 300, 900]);
  });

  it('distributes with equal gaps, and leaves the ends', () => {
    expect(places(distribute(drawn, keys, 'x'), 'x')).toEqual([0, 450, 900]);
    expect(distribute(drawn, keys.slice(0, 2), 'x')).toBe(drawn);
  });

  it('leaves what is locked', () => {
    const locked = setLocked(drawn, ['service-2'], true);
    expect(places(align(locked, keys, 'left'), 'x')).toEqual([0, 300, 0]);
    expect(places(nudge(locked, keys, { x: 5, y: 0 }), 'x')).toEqual([5, 300, 905]);
    expect(removeParts(locked, keys).nodes.map(({ id }) => id)).toEqual(['service-2']);
    expect(setLocked(locked, ['service-2'], false).nodes[1]).not.toHaveProperty('locked');
  });

  it('moves a frame once, with what is in it', () => {
    const framed = addGroup(drawn, 'host', { x: 0, y: 0 }, ['service']).document;
    expect(outermost(framed, ['service', groupKey('host')])).toEqual([groupKey('host')]);
    expect(places(nudge(framed, ['service', groupKey('host')], { x: 7, y: 0 }), 'x')).toEqual([7, 300, 900]);
  });

  it('snaps a side to a side and a middle to a middle', () => {
    const other = { x: 100, y: 0, width: 200, height: 100 };
    const snapped = snap({ x: 96, y: 300, width: 50, height: 50 }, [other], 6);
    expect(snapped).toMatchObject({ x: 100, y: 300, lines: [{ axis: 'x', at: 100, from: 0, to: 350 }] });
    expect(snap({ x: 173, y: 300, width: 50, height: 50 }, [other], 6).x).toBe(175);
    expect(snap({ x: 80, y: 300, width: 50, height: 50 }, [other], 6)).toMatchObject({ x: 80, lines: [] });
  });
});
