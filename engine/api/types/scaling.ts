/** One change of how many replicas a node should have. */
export interface ScaleEvent {
  atMs: number;
  from: number;
  to: number;
  by: 'user' | 'autoscaler' | 'wake-up' | 'experiment';
  /** Why, in words. */
  reason: string;
  /** When all replicas that it asked for took requests, and those too many were gone; null while it is under way. */
  doneAtMs: number | null;
  /** Calls to the node that failed meanwhile, as its callers counted them; null while it is under way. */
  failedCalls: number | null;
  /** Why it did not come to its end, or null. */
  error: string | null;
}

/** How the number of a node's replicas changed in a stretch of time. */
export interface ScalingFigures {
  events: ScaleEvent[];
  /** From the load's going beyond the target until enough replicas carried it. Null when that never happened. */
  timeToScaleMs: { mean: number; max: number } | null;
  /** Times that the load went beyond the target and was not carried by the end. */
  unfinished: number;
  /** Most replicas beyond those that the load needed when it was carried; null where the metric does not say. */
  overshoot: number | null;
  /** Changes that took back an earlier one within 20 s. */
  flaps: number;
  /** Calls to the node that failed while its number of replicas changed, as its callers counted them. */
  failedCalls: number;
}

export interface AutoscalerStatus {
  metric: 'cpu' | 'in-flight' | 'queue';
  target: number;
  minReplicas: number;
  maxReplicas: number;
  /** Mean over the replicas that count, at the last sync; null while none does. */
  measured: number | null;
  /** What the metric alone asks for; null before the first sync. */
  recommended: number | null;
  /** Why there are not as many, in words; null when there are. */
  heldBy: string | null;
  /** Since the topology started. */
  figures: Omit<ScalingFigures, 'events'>;
}

export interface DeployStatus {
  id: string;
  node: string;
  version: string;
  /** The version before. */
  from: string;
  strategy: 'recreate' | 'rolling' | 'blue-green' | 'canary' | 'shadow';
  state: 'building' | 'rolling-out' | 'done' | 'rolling-back' | 'rolled-back' | 'failed';
  /** What it does now, in words. */
  phase: string;
  startedAtMs: number;
  /** When the first process of the new version was started. */
  rolloutAtMs: number | null;
  endedAtMs: number | null;
  /** Build and test: modelled, and how long that was made to take here. */
  pipeline: { modules: number; modelledMs: number; waitedMs: number };
  /** From the request until the new version had taken over; null when it did not, or not yet. */
  leadTimeMs: number | null;
  /** Processes that were started and stopped for it. */
  processes: { started: number; stopped: number };
  /** What the new version showed where a strategy analyses it. */
  analysis: { requests: number; errorRatio: number | null; p99Ms: number | null } | null;
  rollback: {
    reason: string;
    by: 'user' | 'analysis' | 'failure' | 'experiment' | 'fault';
    durationMs: number | null;
  } | null;
  /** What users noticed while the new version could meet them; null when no traffic ran. */
  impact: DeployImpact | null;
  /** Why it failed, or null. */
  error: string | null;
}

/**
 * Measured on the requests that were meant to start from the first process of the new version on, until it was taken back
 * or ten seconds after it took over; ten seconds at least, as far as the traffic goes.
 */
export interface DeployImpact {
  window: { fromMs: number; toMs: number };
  requests: number;
  failed: number;
  /** Routes that surely failed more often than before, of all that had traffic. */
  affectedRoutes: string[];
  routes: number;
  /** Blast radius: share of the routes that were affected; null without traffic. */
  blastRadius: number | null;
}
