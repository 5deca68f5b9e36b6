import { silentMs } from '../cut-proofs.ts';
import type { Answer, EdgeProbe } from '../edge-probe.ts';
import { ANSWER_MS, askPlainly, inWords } from '../edge-proofs.ts';
import type { EdgeTarget } from '../inject.ts';
import { injectOnLink } from '../inject-on-link.ts';
import type { ConnectionExhaustionParameters } from './stage.ts';

/** We open no more connections of our own than these. */
const MAX_PROBES = 256;
const MAX_PROBES_AFTER = 32;

/** Opens and keeps connections, one after the other, until one is not answered. Null when so many are. */
async function fill(target: EdgeTarget, most: number, timeoutMs: number) {
  const served: EdgeProbe[] = [];
  while (served.length < most) {
    const probe = await target.dial();
    const answer = await probe.ask({ timeoutMs });
    if (!answer.answered) return { served, excess: { probe, answer } };
    served.push(probe);
  }
  return { served, excess: null };
}

export const injectConnectionExhaustion = injectOnLink<ConnectionExhaustionParameters, Answer>(
  'connection-exhaustion',
  {
    before: askPlainly,

    async effect({ target, parameters: { maxConnections, excess: how }, before }) {
      if (!before.answered)
        return { holds: false, evidence: `there was no answer before it either: ${inWords(before)}` };
      const { served, excess } = await fill(target, Math.min(maxConnections + 1, MAX_PROBES), silentMs(before));
      for (const probe of served) probe.close();
      if (!excess)
        return {
          holds: false,
          evidence: `${served.length} connections of ours were all served (at most ${maxConnections})`,
        };
      const { probe, answer } = excess;
      const first = `${served.length} connections of ours were served, and one more was ${how === 'wait' ? 'not' : inWords(answer)}`;
      probe.close();
      if (how === 'refuse') return { holds: answer.fate === 'refused' || answer.fate === 'reset', evidence: first };
      return { holds: answer.fate === 'open', evidence: `${first} (${inWords(answer)})` };
    },

    async removal({ target, parameters: { maxConnections } }) {
      const most = Math.min(maxConnections + 1, MAX_PROBES_AFTER);
      const { served, excess } = await fill(target, most, ANSWER_MS);
      excess?.probe.close();
      for (const probe of served) probe.close();
      return {
        holds: excess === null,
        evidence: `${served.length} of ${most} connections at once were answered${excess ? `, the next: ${inWords(excess.answer)}` : ''}`,
      };
    },
  },
);
