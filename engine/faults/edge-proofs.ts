import type { Answer, Question } from './edge-probe.ts';
import type { EdgeTarget, Measurement } from './inject.ts';
import type { LinkLook } from './inject-on-link.ts';

/** In this time an edge without a fault answers, on a machine that works. */
export const ANSWER_MS = 2000;
/** Two measurements without a fault differ by less than this, on a machine that works. */
export const NOISE_MS = 5;

/** One question on a connection of its own. */
export async function askFresh(target: EdgeTarget, question: Question): Promise<Answer> {
  const probe = await target.dial();
  try {
    return await probe.ask(question);
  } finally {
    probe.close();
  }
}

/** The fastest of a few, which what else the machine does delays least. */
export async function fastestOf(times: number, ask: () => Promise<Answer>): Promise<Answer> {
  let fastest = await ask();
  for (let i = 1; i < times && fastest.answered; i += 1) {
    const next = await ask();
    if (next.answered && next.tookMs < fastest.tookMs) fastest = next;
  }
  return fastest;
}

/** What a plain question took before the fault, or how it failed. */
export const askPlainly = (target: EdgeTarget): Promise<Answer> =>
  fastestOf(3, () => askFresh(target, { timeoutMs: ANSWER_MS }));

export const inWords = ({ answered, tookMs, fate }: Answer): string =>
  answered
    ? `answered after ${tookMs.toFixed(1)} ms`
    : fate === 'open'
      ? `no answer within ${tookMs.toFixed(0)} ms`
      : `${fate} after ${tookMs.toFixed(1)} ms`;

/** The removal of a fault that kept connections from being answered: fresh ones are. */
export async function answersAgain({ target }: LinkLook<unknown, unknown>): Promise<Measurement> {
  const answers = await Promise.all([1, 2, 3].map(() => askFresh(target, { timeoutMs: ANSWER_MS })));
  return {
    holds: answers.every(({ answered }) => answered),
    evidence: `fresh connections after it: ${answers.map(inWords).join(', ')}`,
  };
}

/** The figures in the link, as soon as they show enough, or when the time is over. */
export async function untilFigures(
  look: Pick<LinkLook<unknown, unknown>, 'figures'>,
  isEnough: (figures: Record<string, number>) => boolean,
  withinMs: number,
): Promise<Record<string, number>> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const figures = await look.figures();
    if (isEnough(figures) || performance.now() > deadlineMs) return figures;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
