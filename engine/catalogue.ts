import { faults } from './faults/index.ts';
import { kinds } from './kinds/index.ts';
import type { Catalogue } from './model/definition.ts';

/** What a document may hold in this build. */
export const catalogue: Catalogue = {
  kinds: kinds as unknown as Catalogue['kinds'],
  faults: faults as unknown as Catalogue['faults'],
};
