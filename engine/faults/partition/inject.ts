import { showCut } from '../cut-proofs.ts';
import type { Answer } from '../edge-probe.ts';
import { answersAgain, askPlainly } from '../edge-proofs.ts';
import { injectOnLink } from '../inject-on-link.ts';
import type { PartitionParameters } from './stage.ts';

export const injectPartition = injectOnLink<PartitionParameters, Answer>('partition', {
  before: askPlainly,
  effect: (look) => showCut(look, look.parameters.how),
  removal: answersAgain,
});
