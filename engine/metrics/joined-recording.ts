import { type Rates, type Recording, recordingOver } from './recording.ts';
import { createTally, failedIn } from './tally.ts';

/** Traffic that was sent one after the other, as one recording. What is added to a part is in the whole. */
export function joinRecordings(parts: readonly Recording[]): Recording {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const sources = parts.flatMap((part) => part.sources());
  const whole = recordingOver(sources);

  const rates: Recording['rates'] = (selection) => {
    // The parts follow each other: each counts for the whole time that any of them covers.
    const coveredMs = Math.max(0, ...sources.map((source) => source.coveredMs(selection.range)));
    const covering = sources.filter((source) => source.coveredMs(selection.range) > 0);
    const perSec = (count: number): number => (coveredMs === 0 ? 0 : (count * 1000) / coveredMs);
    const tally = covering.reduce((into, source) => source.tally(selection, into), createTally());
    const planned = covering.map((source) => source.planned(selection.range));
    return {
      plannedPerSec: planned.includes(null)
        ? null
        : perSec(planned.reduce<number>((sum, count) => sum + (count ?? 0), 0)),
      arrivalsPerSec: perSec(tally.issued + tally.dropped),
      issuedPerSec: perSec(tally.issued),
      okPerSec: perSec(tally.ok),
      failedPerSec: perSec(failedIn(tally)),
    } satisfies Rates;
  };

  return {
    ...whole,
    add: (client, frame, frameAtMs) => parts.some((part) => part.add(client, frame, frameAtMs)),
    clientEnded(client) {
      for (const part of parts) part.clientEnded(client);
    },
    keepAll() {
      for (const part of parts) part.keepAll();
    },
    lostClients: () => [...new Set(parts.flatMap((part) => part.lostClients()))],
    done: () => parts.every((part) => part.done()),
    rates,
    window(lastMs, nowMs) {
      const newest = parts.at(-1);
      return (newest ?? whole).window(lastMs, nowMs);
    },
    firstSliceAtMs(range) {
      const covering = sources.filter((source) => source.coveredMs(range) > 0);
      return covering.length === 0
        ? range.toMs
        : Math.max(range.fromMs, ...covering.map((source) => source.firstSliceAtMs(range)));
    },
  };
}
