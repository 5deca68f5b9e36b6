import { showCut } from '../cut-proofs.ts';
import type { Answer } from '../edge-probe.ts';
import { answersAgain, askPlainly } from '../edge-proofs.ts';
import { injectOnLink } from '../inject-on-link.ts';
import type { RefuseParameters } from './stage.ts';

export const injectRefuse = injectOnLink<RefuseParameters, Answer>('refuse', {
  before: askPlainly,
  effect: (look) => showCut(look, 'refuse'),
  removal: answersAgain,
});
