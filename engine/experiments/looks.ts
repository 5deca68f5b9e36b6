import type { TimeRange } from '../metrics/source-recording.ts';
import type { Probe } from '../model/experiment.ts';
import type { Scope } from '../model/expression.ts';
import { probeDefinition } from '../model/probe.ts';
import type { Look } from '../model/probes/define-probe.ts';
import type { ProbeSight } from '../model/probes/sight.ts';

const DEFAULT_EVERY_MS = 1000;
/** A line of a log is known so long after it was written, at the latest. */
export const LOG_LAG_MS = 150;
/** Of a probe that looks ten times a second for hours the oldest looks are let go. */
const MAX_LOOKS = 20_000;

/** What a probe saw at a moment, and what was known of the traffic just before. */
export interface RecordedLook extends TimeRange {
  /** Null when nothing could be seen. */
  look: Look | null;
  error: string | null;
  scope: Scope;
}

/** Looks at the running system for all probes of an experiment that do so. */
export interface Looks {
  /** Begins to look every so often. */
  start(): void;
  /** Looks once more with each of these, and waits until all have seen something. */
  atEdge(probes: readonly Probe[]): Promise<void>;
  /** Looks once more. What is gathered reaches back so long where it was not looked at before; default: not at all. */
  now(probe: Probe, reachMs?: number): Promise<RecordedLook>;
  of(probe: Probe): readonly RecordedLook[];
  stop(): Promise<void>;
}

/** It counts what happened over a time, and no look alone says it. */
export const isGathered = ({ measure }: Probe): boolean => probeDefinition(measure.type)?.over?.(measure) === 'sum';

export const isLook = ({ measure }: Probe): boolean => probeDefinition(measure.type)?.by === 'look';

export function createLooks(options: {
  probes: readonly Probe[];
  sight: ProbeSight;
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
}): Looks {
  const { sight, wait } = options;
  const seen = new Map<string, RecordedLook[]>();
  const pending = new Map<string, Promise<RecordedLook>>();
  const stopped = new AbortController();
  const key = (probe: Probe): string => JSON.stringify([probe.measure, probe.tolerance]);
  const loops: Promise<void>[] = [];

  const look = async (probe: Probe, reachMs: number): Promise<RecordedLook> => {
    const fromMs = sight.now();
    const all = seen.get(key(probe)) ?? [];
    seen.set(key(probe), all);
    const recorded: RecordedLook = { fromMs, toMs: fromMs, look: null, error: null, scope: {} };
    try {
      // Before the look: what a client was told of by now must be there.
      if ('expression' in probe.tolerance) recorded.scope = scopeOf(sight);
      // What was written is known a little later: the newest is left for the next look.
      const since = { fromMs: (all.at(-1)?.fromMs ?? fromMs - reachMs) - LOG_LAG_MS, toMs: fromMs - LOG_LAG_MS };
      recorded.look = (await probeDefinition(probe.measure.type)?.look?.(probe.measure, sight, since)) ?? null;
    } catch (error) {
      recorded.error = error instanceof Error ? error.message : String(error);
    }
    recorded.toMs = sight.now();
    all.push(recorded);
    if (all.length > MAX_LOOKS) all.shift();
    return recorded;
  };

  const now = (probe: Probe, reachMs = 0): Promise<RecordedLook> => {
    const under = pending.get(key(probe));
    const next = (under ?? Promise.resolve()).then(() => look(probe, reachMs));
    pending.set(key(probe), next);
    return next;
  };

  return {
    start() {
      const different = new Map(options.probes.filter(isLook).map((probe) => [key(probe), probe]));
      for (const probe of different.values())
        loops.push(
          (async () => {
            while (!stopped.signal.aborted) {
              await now(probe);
              await wait(probe.everyMs ?? DEFAULT_EVERY_MS, stopped.signal).catch(() => {});
            }
          })(),
        );
    },
    async atEdge(probes) {
      await Promise.all(probes.filter(isLook).map((probe) => now(probe)));
    },
    now,
    of: (probe) => seen.get(key(probe)) ?? [],
    async stop() {
      stopped.abort();
      await Promise.all(loops);
    },
  };
}

function scopeOf(sight: ProbeSight): Scope {
  const { routes, ...traffic } = sight.traffic();
  return { traffic, routes };
}
