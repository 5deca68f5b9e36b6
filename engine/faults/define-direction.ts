import { z } from 'zod';

/** The parameter that says which way a fault on an edge acts. */
export const directionField = (preset: 'upstream' | 'downstream' | 'both') =>
  z.enum(['upstream', 'downstream', 'both']).default(preset).meta({
    title: 'Direction',
    description: 'Upstream: what the caller sends. Downstream: what comes back.',
  });
