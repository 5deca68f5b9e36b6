import { showCut } from '../cut-proofs.ts';
import type { Answer } from '../edge-probe.ts';
import { answersAgain, askPlainly } from '../edge-proofs.ts';
import { injectOnLink } from '../inject-on-link.ts';
import type { BlackHoleParameters } from './stage.ts';

export const injectBlackHole = injectOnLink<BlackHoleParameters, Answer>('black-hole', {
  before: askPlainly,

  async effect(look) {
    const { holds, evidence } = await showCut(look, 'black-hole');
    const { swallowedBytes = 0 } = await look.figures();
    return { holds, evidence: `${evidence}; the link swallowed ${swallowedBytes} bytes` };
  },

  async removal(look) {
    const { holds, evidence } = await answersAgain(look);
    const { resetConnections = 0 } = await look.figures();
    return { holds, evidence: `${evidence}; ${resetConnections} connections that had lost bytes were reset` };
  },
});
