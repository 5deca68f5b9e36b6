import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Two halves of eight megabytes. */
const ENOUGH_BYTES = 16 * 1024 * 1024;

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;

/**
 * For a process that serves the same few clients all the time: keeps the young generation of V8 small, and has it collected by the
 * thread that serves. A large one is collected seldom, but for longer than clients have other work to do meanwhile, and by
 * threads that take their processors. Where V8 does not know these flags any more, it collects as it does by itself.
 */
export function keepPausesShort(): void {
  setFlagsFromString('--no-parallel-scavenge');
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < ENOUGH_BYTES) return;
    // It grows no further.
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}
