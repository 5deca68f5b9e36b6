import { createHistogram } from './histogram.ts';
import type { Recording } from './recording.ts';
import type { SourceRecording } from './source-recording.ts';
import { createTally, failedIn, reasonsIn } from './tally.ts';

export interface Conservation {
  holds: boolean;
  /** The equation with its numbers, then what does not add up. */
  equation: string;
  /** Each equation that does not hold, of which client. */
  problems: string[];
}

/** The counters of one source against each other and against the sum of its slices; none of them is derived from another. */
function problemsOf(recording: SourceRecording): string[] {
  const { client } = recording.source;
  const counters = recording.counters();
  if (!counters) return [];
  const { scheduled, issued, ok, failed, dropped, inFlight, waiting, iterations } = counters;
  const slices = recording.tally({}, createTally());
  const equations: [boolean, string][] = [
    [issued === ok + failed + inFlight, `issued ${issued} ≠ ok ${ok} + failed ${failed} + in flight ${inFlight}`],
    [
      scheduled === issued + dropped + waiting,
      `scheduled ${scheduled} ≠ issued ${issued} + dropped ${dropped} + waiting ${waiting}`,
    ],
    [slices.issued === issued, `issued ${issued} ≠ ${slices.issued} in its slices`],
    [slices.ok === ok, `ok ${ok} ≠ ${slices.ok} in its slices`],
    [failedIn(slices) === failed, `failed ${failed} ≠ ${failedIn(slices)} by reason in its slices`],
    [slices.dropped === dropped, `dropped ${dropped} ≠ ${slices.dropped} in its slices`],
  ];
  for (const kind of ['latency', 'uncorrected'] as const) {
    const samples = recording.latency({}, createHistogram(), kind).total;
    equations.push([
      samples === ok,
      `ok ${ok} ≠ ${samples} recorded latencies${kind === 'latency' ? '' : `, ${kind}`}`,
    ]);
  }
  const begun = recording.lateness(undefined, createHistogram()).total;
  equations.push(
    [begun === scheduled, `scheduled ${scheduled} ≠ ${begun} whose start was timed`],
    [
      iterations.scheduled === iterations.started + iterations.dropped,
      `iterations ${iterations.scheduled} ≠ started ${iterations.started} + dropped ${iterations.dropped}`,
    ],
    [
      iterations.started === iterations.completed + iterations.interrupted + iterations.running,
      `iterations started ${iterations.started} ≠ completed ${iterations.completed} + interrupted ${iterations.interrupted} + running ${iterations.running}`,
    ],
  );
  return equations.filter(([holds]) => !holds).map(([, problem]) => `${client}: ${problem}`);
}

/**
 * Checks `issued = ok + Σ failed by reason + in flight`, each side counted on its own.
 *
 * A client that ended in mid-run is taken at its last frame: the equation holds for what it told, and says so.
 */
export function checkConservation(recording: Recording): Conservation {
  const counted = { issued: 0, ok: 0 };
  for (const { counters } of recording.sources()) {
    counted.issued += counters()?.issued ?? 0;
    counted.ok += counters()?.ok ?? 0;
  }
  const reasons = Object.entries(reasonsIn(recording.tally()));
  const inFlight = recording.inFlight();
  const sum = counted.ok + inFlight + reasons.reduce((total, [, count]) => total + count, 0);

  const problems = recording.sources().flatMap(problemsOf);
  const terms = [
    `ok ${counted.ok}`,
    ...reasons.map(([reason, count]) => `${reason} ${count}`),
    `in flight ${inFlight}`,
  ];
  const lines = [`issued ${counted.issued} ${sum === counted.issued ? '=' : '≠'} ${terms.join(' + ')}`, ...problems];
  const lost = recording.lostClients();
  if (lost.length > 0)
    lines.push(`${lost.join(', ')} ended in mid-run: counted up to its last frame, what it sent later is unknown`);
  return { holds: problems.length === 0 && sum === counted.issued, equation: lines.join('; '), problems };
}
