const READINGS = 5;

/**
 * How far the clock `to` is ahead of the clock `from`. Whoever reads two clocks may be interrupted between the readings, for
 * many milliseconds on a busy machine; so `to` is read between two readings of `from`, several times, and the time at which
 * these two were closest tells: it is right to half of what lay between them.
 */
export function clockOffset(from: () => number, to: () => number): number {
  let narrowest = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let reading = 0; reading < READINGS; reading += 1) {
    const before = from();
    const there = to();
    const width = from() - before;
    if (width >= narrowest) continue;
    narrowest = width;
    offset = there - (before + width / 2);
  }
  return offset;
}
