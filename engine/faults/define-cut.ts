import { z } from 'zod';

/** The parameter that says what an edge does while it is cut. */
export const cutField = (preset: 'black-hole' | 'hold' | 'refuse') =>
  z.enum(['black-hole', 'hold', 'refuse']).default(preset).meta({
    title: 'How',
    description:
      'Black hole: connections are accepted, bytes are lost, and a connection that lost some is reset afterwards. Hold: bytes arrive afterwards, as TCP sends them again. Refuse: new connections are refused and open ones reset, always in both directions.',
  });

export type Cut = 'black-hole' | 'hold' | 'refuse';
