import type { HalfState } from './inject.ts';

const LOOK_EVERY_MS = 25;

/** The figures of a fault's half at work elsewhere, as soon as they show enough, or when the time is over. */
export async function untilMeasured(
  state: () => Promise<HalfState>,
  isEnough: (measured: Record<string, number>) => boolean,
  withinMs: number,
): Promise<Record<string, number>> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const measured = (await state()).measured ?? {};
    if (isEnough(measured) || performance.now() > deadlineMs) return measured;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
