import type { ExperimentResult, ProbeResult, Verdict } from './experiments.ts';
import type { HostInfo } from './runs.ts';
import type { NodeLimit } from './topology.ts';

/** What a stretch of traffic was measured to be. Requests are those whose intended start lies in it. */
export interface Measurement {
  window: { fromMs: number; toMs: number };
  /** Requests that became due: sent, or dropped because nobody could send them. */
  arrivals: number;
  ok: number;
  failed: number;
  dropped: number;
  arrivalsPerSec: number;
  /** Goodput: of what became due in the stretch, what was answered well, whenever that was. */
  okPerSec: number;
  /** Good answers that came within the stretch, whenever their requests were due. */
  answeredPerSec: number;
  /** Requests that were neither answered nor failed at its end, less those at its beginning. */
  backlogGrowth: number;
  successRatio: number | null;
  latencyMs: { p50: number | null; p95: number | null; p99: number | null };
  /** How late the client began its requests. */
  latenessP99Ms: number | null;
  /** CPU time of all processes but the clients, for each good answer; null without one. */
  cpuMsPerRequest: number | null;
  /** Most memory that all processes but the clients held together, as they told it. */
  rssBytes: number;
  /** By node: the limit that bound it for at least half of the stretch. */
  limits: Record<string, NodeLimit>;
  /** Attempts for each request along the edge that the sweep is about; null where it is about none, or nothing was counted. */
  attemptsPerRequest: number | null;
  /** Why nothing can be concluded from it; empty when it can be trusted. */
  problems: string[];
  /** Id of the record that was kept of its run, or null. */
  record: string | null;
}

/** A mean of repetitions with the ends of its confidence interval of 95 %, which are null where they are too few. */
export interface RepeatedFigure {
  name: string;
  unit: ProbeResult['unit'];
  values: number[];
  mean: number;
  standardDeviation: number | null;
  low: number | null;
  high: number | null;
}

/** A value with the ends of its confidence interval of 95 %, which are null where too little was measured. */
export interface EstimatedValue {
  value: number;
  low: number | null;
  high: number | null;
}

export type SweepType = 'knee' | 'replicas' | 'retries-timeout' | 'hysteresis' | 'repeat' | 'batch' | 'ab';

export interface SweepStatus {
  type: SweepType;
  name: string;
  state: SweepResult['state'];
  /** What is being measured now, in words. */
  step: string;
  stepsDone: number;
  /** By what is known so far. */
  stepsExpected: number;
  startedAtMs: number;
  expectedEndAtMs: number;
}

interface SweepFacts {
  name: string;
  title: string;
  document: string;
  scenario: string;
  seed: number;
  startedAtMs: number;
  durationMs: number;
  /**
   * `done`: it came to its end, and can be concluded from. `inconclusive`: what was measured does not tell.
   * `stopped`: before its end; what had been measured is kept.
   */
  state: 'running' | 'done' | 'inconclusive' | 'stopped';
  /** The finding, or why there is none, in a sentence. */
  conclusion: string;
  /** What to know before it is believed. */
  warnings: string[];
  host: HostInfo;
}

/** Whether a rate is served as it should be: `sure` when chance alone does not explain it. */
export interface Judgement {
  side: 'within' | 'beyond' | 'inconclusive';
  sure: boolean;
  reasons: string[];
}

export interface KneeFindings {
  type: 'knee';
  /** In the order of measuring. */
  steps: (Measurement & Judgement & { ratePerSec: number })[];
  /** The highest rate that was within, between the highest that surely was and the lowest that surely was not. */
  knee: EstimatedValue | null;
  /** Most good answers per second of all steps. */
  peakPerSec: number | null;
  /** The limits at the lowest rate beyond the knee: what would have to grow. */
  boundBy: string[];
  /** When a step counts as beyond the knee, in words. */
  rule: string;
}

export interface ReplicasFindings {
  type: 'replicas';
  node: string;
  points: (Measurement & { replicas: number; repetition: number; users: number })[];
  /** Universal Scalability Law over the points that can be trusted; null with fewer than three numbers of replicas. */
  fit: {
    lambda: EstimatedValue;
    sigma: EstimatedValue;
    kappa: EstimatedValue;
    peak: { replicas: number; perSec: number } | null;
    worstFit: number;
  } | null;
}

export interface GridFindings {
  type: 'retries-timeout';
  edge: string;
  ratePerSec: number;
  cells: (Measurement & { timeoutMs: number; attempts: number })[];
  /** The cell with the best success ratio, and those that chance alone may have kept from it; by index in `cells`. */
  best: number | null;
  asGood: number[];
}

export interface HysteresisFindings {
  type: 'hysteresis';
  steps: (Measurement & Judgement & { ratePerSec: number; way: 'up' | 'down' })[];
  /** By rate: success ratio on the way down − on the way up, and whether the state is another one. */
  rates: { ratePerSec: number; successChange: { value: number; low: number; high: number }; differs: boolean }[];
  /** Null where it cannot be told. */
  metastable: boolean | null;
  rule: string;
}

export interface RepeatFindings {
  type: 'repeat';
  of: 'experiment' | 'run';
  repetitions: {
    seed: number;
    /** Null of a run. */
    verdict: Verdict | null;
    reasons: string[];
    /** Of an experiment. */
    probes: ProbeResult[];
    durationMs: number;
    record: string | null;
  }[];
  /** Of experiments: how many of those that gave one passed, and the share of passes that this speaks for. */
  passed: { count: number; of: number; low: number; high: number } | null;
  /** The combined verdict; null of runs. */
  verdict: Verdict | null;
  figures: RepeatedFigure[];
  /** Of experiments: what became of each figure of the steady state while the method was on, and after the recovery. */
  effects: RepeatedEffect[];
}

/** A figure in the steady state and in a later phase, pair by pair over the repetitions. */
export interface RepeatedEffect {
  name: string;
  unit: ProbeResult['unit'];
  to: 'during' | 'after';
  /** Mean of the later − the earlier value. */
  change: EstimatedValue;
  /** Cliff's delta: 1 when every later value is above every earlier one. */
  effect: NonNullable<AbFigure['effect']>;
}

/** Different experiments, one after the other. */
export interface BatchFindings {
  type: 'batch';
  /** How many there are in all. */
  planned: number;
  /** Those that have ended, in the order of running. */
  experiments: ({ document: string; name: string; title: string } & Pick<
    ExperimentResult,
    'seed' | 'verdict' | 'reasons' | 'probes' | 'durationMs' | 'recoveryMs' | 'record'
  >)[];
  /** The combined verdict, as of repetitions; null before one has ended. */
  verdict: Verdict | null;
}

export interface AbSide {
  document: string;
  /** Processes, clients left out. */
  processes: number;
  /** Edges one after the other on the longest way from a client. */
  hops: number;
  /** Values that configure nodes and edges, defaults among them and code left out, and an address for each edge. */
  settings: number;
  budget: { slots: number | null; memoryMb: number | null };
}

/** One figure of both documents. `change` is B against A: a share of A, or of a ratio the plain difference. */
export interface AbFigure {
  name: 'p50' | 'p95' | 'p99' | 'throughput' | 'success' | 'cpu-per-request';
  unit: 'ratio' | 'ms' | 'per second';
  better: 'lower' | 'higher';
  a: RepeatedFigure | null;
  b: RepeatedFigure | null;
  change: (EstimatedValue & { isRelative: boolean }) | null;
  /** Cliff's delta over all runs: 1 when every run of B is above every run of A. */
  effect: { delta: number; magnitude: 'negligible' | 'small' | 'medium' | 'large' } | null;
  verdict: 'a-better' | 'b-better' | 'no-difference-shown' | 'inconclusive';
  /** Such as "B better by 12 % [9, 15]". */
  sentence: string;
}

export interface AbFindings {
  type: 'ab';
  a: AbSide;
  b: AbSide;
  /** What was replayed on both. */
  workload: { arrivals: number; durationMs: number; clients: string[] };
  primary: AbFigure['name'];
  /** In the order of measuring. */
  runs: (Measurement & { side: 'a' | 'b'; block: number })[];
  figures: AbFigure[];
  /** What was expected of it, and whether it was shown. Empty: nothing was. */
  expected: AbExpectation[];
  /** Of what was expected: `failed` when one was not shown, `inconclusive` when one could not be. Null: nothing was. */
  verdict: 'passed' | 'failed' | 'inconclusive' | null;
}

export interface AbExpectation {
  figure: AbFigure['name'] | 'processes' | 'hops' | 'settings';
  better: 'a' | 'b';
  outcome: 'shown' | 'not-shown' | 'inconclusive';
  /** E.g. "p50: B worse by 210 % [180, 250]". */
  sentence: string;
}

export type SweepFindings =
  | KneeFindings
  | ReplicasFindings
  | GridFindings
  | HysteresisFindings
  | RepeatFindings
  | BatchFindings
  | AbFindings;

export type SweepResult = SweepFacts & SweepFindings;
