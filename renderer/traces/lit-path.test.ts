import { expect, it } from 'vitest';
import type { TraceSpan } from '../../engine/api/types.ts';
import { litPathOf } from './lit-path.ts';

const span = (nodeId: string, attributes: TraceSpan['attributes']) => ({ nodeId, attributes }) as TraceSpan;

it('a trace lights what it went through, and the hop where it failed', () => {
  const path = litPathOf([
    span('users', { 'archipel.edge': 'users-shop', 'service.peer.name': 'shop' }),
    span('shop', {}),
    span('shop', {
      'archipel.edge': 'shop-db',
      'service.peer.name': 'db',
      'archipel.failure.hop': 'shop-db',
    }),
  ]);
  expect(path).toEqual({ nodes: ['users', 'shop', 'db'], edges: ['users-shop', 'shop-db'], hop: 'shop-db' });
});

it('no spans light nothing', () => {
  expect(litPathOf([])).toBeNull();
});
