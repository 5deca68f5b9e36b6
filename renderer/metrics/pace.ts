/** After a picture that took so long to show, nothing is shown for so many times as long. */
const REST = 19;

/**
 * Passes pictures on, the newest of those that wait. What hundreds of nodes need for each takes a twentieth of the time
 * at most, so that dragging and panning stay smooth; a small topology shows every picture.
 */
export function createPace<Picture>(
  show: (picture: Picture) => void,
  clock: { nowMs(): number; after(delayMs: number, run: () => void): void } = {
    nowMs: () => performance.now(),
    after: (delayMs, run) => void setTimeout(run, delayMs),
  },
): (picture: Picture) => void {
  let waiting: { picture: Picture } | null = null;
  let freeAtMs = Number.NEGATIVE_INFINITY;
  const showNow = (picture: Picture): void => {
    const beganMs = clock.nowMs();
    show(picture);
    const endedMs = clock.nowMs();
    freeAtMs = endedMs + REST * (endedMs - beganMs);
  };
  return (picture) => {
    const restMs = freeAtMs - clock.nowMs();
    if (waiting) waiting.picture = picture;
    // A rest that ends before the next picture comes makes none wait.
    else if (restMs <= 0) showNow(picture);
    else {
      waiting = { picture };
      clock.after(restMs, () => {
        const next = waiting;
        waiting = null;
        if (next) showNow(next.picture);
      });
    }
  };
}
