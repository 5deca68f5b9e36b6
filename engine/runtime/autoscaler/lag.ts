import type { ScalingFigures } from '../../api/types.ts';

/** Kubernetes looks back over five minutes; as all our default times, a fifteenth of it. */
const FLAP_WINDOW_MS = 20_000;
/** So many episodes and changes are remembered. */
const MAX_REMEMBERED = 1_000;

/** From the load's going beyond the target until enough replicas carry it. */
interface Episode {
  fromMs: number;
  toMs: number | null;
  /** Replicas beyond those that the load needed at its end; null where the metric does not say. */
  overshoot: number | null;
}

export type LagFigures = Pick<ScalingFigures, 'timeToScaleMs' | 'unfinished' | 'overshoot' | 'flaps'>;

/** How far an autoscaler lags behind its load, from what it sees at each sync. */
export interface LagMeter {
  sync(seen: {
    atMs: number;
    /** The metric is beyond its target and the tolerance. */
    overloaded: boolean;
    desired: number;
    /** Replicas that are ready and past their warm-up. */
    ready: number;
    /** ⌈total ÷ target⌉: what the load needs; null where the metric does not say. */
    needed: number | null;
  }): void;
  changed(change: { atMs: number; from: number; to: number }): void;
  /** Of what began in a stretch of time. */
  figures(range: { fromMs: number; toMs: number }): LagFigures;
}

export function createLagMeter(): LagMeter {
  const episodes: Episode[] = [];
  const flaps: number[] = [];
  let lastChange: { atMs: number; up: boolean } | null = null;

  const open = (): Episode | undefined => {
    const last = episodes[episodes.length - 1];
    return last?.toMs === null ? last : undefined;
  };

  return {
    sync({ atMs, overloaded, desired, ready, needed }) {
      const episode = open();
      if (overloaded) {
        if (!episode) episodes.push({ fromMs: atMs, toMs: null, overshoot: null });
        if (episodes.length > MAX_REMEMBERED) episodes.shift();
      } else if (episode && ready >= desired) {
        episode.toMs = atMs;
        episode.overshoot = needed === null ? null : Math.max(0, desired - Math.max(1, needed));
      }
    },
    changed({ atMs, from, to }) {
      const up = to > from;
      if (lastChange && lastChange.up !== up && atMs - lastChange.atMs <= FLAP_WINDOW_MS) flaps.push(atMs);
      if (flaps.length > MAX_REMEMBERED) flaps.shift();
      lastChange = { atMs, up };
    },
    figures({ fromMs, toMs }) {
      const begun = episodes.filter((episode) => episode.fromMs >= fromMs && episode.fromMs <= toMs);
      const took = begun.flatMap((episode) => (episode.toMs === null ? [] : [episode.toMs - episode.fromMs]));
      const overshoots = begun.flatMap(({ overshoot }) => (overshoot === null ? [] : [overshoot]));
      return {
        timeToScaleMs:
          took.length > 0
            ? { mean: took.reduce((sum, value) => sum + value, 0) / took.length, max: Math.max(...took) }
            : null,
        unfinished: begun.length - took.length,
        overshoot: overshoots.length > 0 ? Math.max(...overshoots) : null,
        flaps: flaps.filter((atMs) => atMs >= fromMs && atMs <= toMs).length,
      };
    },
  };
}
