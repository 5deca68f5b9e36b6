import type { FailureReason } from '../metrics/failure-reason.ts';
import type { FaultCourse, FaultTarget } from '../model/fault.ts';
import type { LogLine } from '../model/log-line.ts';

export type { LogLine };

/*
 * What the engine tells its front doors. Plain JSON; the calls themselves are in `router.ts`.
 */

export type ReplicaState = 'starting' | 'ready' | 'degraded' | 'paused' | 'dead' | 'stopping';

/** Worst of its replicas, or `stopped` when it has none. */
export type NodeState = ReplicaState | 'stopped';

export interface ReplicaStatus {
  replica: number;
  /** Null when it has no process. */
  pid: number | null;
  port: number | null;
  state: ReplicaState;
  /** Why it is dead or degraded, in words for the user. */
  reason: string | null;
  /** Share of one core, 0 to cores, over the last second. */
  cpu: number;
  rssBytes: number;
  /** How long its last start took until it was ready, and whether an idle process became it. Null before it was ready. */
  start: { durationMs: number; warm: boolean } | null;
  /** Of what was deployed, and what callers have to do with it while a new version is tried. */
  version: string | null;
  role: 'none' | 'live' | 'canary' | 'shadow';
}

/** The limit that keeps a node from doing more. */
export interface NodeLimit {
  limit: 'cpu' | 'event-loop' | 'slots' | 'queue' | 'connections' | 'locks' | 'pool' | 'callee';
  /** The outgoing edge, where the limit is that of a callee or of the edge's pool. */
  edge: string | null;
  /** What was measured, in words that follow on "where" or a colon. */
  detail: string;
}

export interface NodeStatus {
  id: string;
  kind: string;
  state: NodeState;
  reason: string | null;
  replicas: ReplicaStatus[];
  requestsPerSec: number;
  errorsPerSec: number;
  /** Over the last second; null when nothing was answered. */
  p50Ms: number | null;
  p99Ms: number | null;
  inFlight: number;
  /** Cumulative since the topology started. */
  requests: number;
  errors: number;
  /** Figures of its kind, by id of the measure; null where nothing was counted yet that could tell. */
  measures: Record<string, number | null>;
  /** Of a broker: its queues, streams, channels or topics. */
  queues?: QueueStatus[];
  /** Used share of the CPU that it can use, over the last second: for a program of ours, one core for each process, the busiest counts. */
  cpuUse: number;
  /** Which limit binds, judged by the last second; null when none does. */
  limit: NodeLimit | null;
  /** How many replicas it should have. */
  desiredReplicas: number;
  /** What its replicas start with; null where the kind has no versions. */
  version: string | null;
  autoscaler: AutoscalerStatus | null;
  /** The newest of the node, under way or over; null when nothing was deployed. */
  deploy: DeployStatus | null;
}

/** One destination of a broker as one subscription sees it. */
export interface QueueStatus {
  destination: string;
  /** The group that consumes, or the process that listens; empty where all consumers share the messages. */
  subscription: string;
  pattern: 'queue' | 'log' | 'channel';
  /** As the broker counts them; null while it does not answer. */
  depth: number | null;
  unacked: number | null;
  lag: number | null;
  oldestMs: number | null;
  inPerSec: number;
  outPerSec: number;
  /** Since the topology started. */
  counts: MessageCounts;
}

/**
 * What became of the messages of one subscription: `published = done + deadLettered + expired + dropped + inBroker +
 * inFlight + lost`. The others count what happened on the way.
 */
export interface MessageCounts {
  /** Stored by the broker: confirmed, or found in spite of a missing confirmation. */
  published: number;
  done: number;
  deadLettered: number;
  expired: number;
  dropped: number;
  inBroker: number;
  inFlight: number;
  /** Confirmed, handled by nobody, and not in the broker. */
  lost: number;
  /** On their way to the broker, or without a confirmation and not yet looked for. */
  publishing: number;
  /** Refused by the broker, or without a confirmation and found nowhere. */
  notPublished: number;
  redelivered: number;
  duplicated: number;
  recognised: number;
  reordered: number;
  /** Attempts that failed. */
  failedAttempts: number;
}

/** Of a run, or of all of it so far. */
export interface MessageResult {
  broker: string;
  destination: string;
  subscription: string;
  pattern: QueueStatus['pattern'];
  counts: MessageCounts;
  /** Messages that were published earlier and were not over when it began. */
  openBefore: number;
  /** `published + open before` is the sum of what became of them. */
  holds: boolean;
  /** With its numbers. */
  equation: string;
}

export interface EdgeStatus {
  id: string;
  /** Open connections through the link now. */
  connections: number;
  /** Cumulative bytes towards the callee, and back. */
  upstreamBytes: number;
  downstreamBytes: number;
  /** Cumulative calls that ended, as the calling processes counted them, and those of them that failed. */
  requests: number;
  errors: number;
  /** Of the calls that ended in the last second; null where none did. */
  p99Ms: number | null;
  /**
   * The part of the last second's requests that each replica of the target got, by its number, attempts counted one by
   * one. Left out where nothing was sent, and where callers that share nothing out alone use the edge.
   */
  shares?: Record<string, number>;
  /** Figures of its policies and protocol, by id of the `edgeMeasures`; those of which nothing was counted are left out. */
  measures: Record<string, number | null>;
}

/** A measured proof: what was looked at, what was seen, and whether it shows what it should. */
export interface Proof {
  holds: boolean;
  /** E.g. "round trip 0.4 ms → 200.6 ms (expected + 200 ms)". */
  evidence: string;
  atMs: number;
}

/** One of those that a fault acts on. Without a replica: the node as a whole. */
export type FaultMember = { node: string; replica: number | null } | { edge: string };

/** One of the faults that another is made of. */
export interface FaultPart {
  fault: string;
  members: FaultMember[];
  parameters: Record<string, unknown>;
  startedAtMs: number;
  /** Null while it is on. */
  endedAtMs: number | null;
  proofOfEffect: Proof | null;
  proofOfRemoval: Proof | null;
  /** Why it did not come off, or null. */
  error: string | null;
}

export interface FaultStatus {
  id: string;
  fault: string;
  target: FaultTarget;
  /** Whom the target came to when the fault was put on; left out where that is not told. */
  members?: FaultMember[];
  /** The faults that it is made of; of a hidden one, once it is over. */
  parts?: FaultPart[];
  parameters: Record<string, unknown>;
  course: FaultCourse;
  seed: number;
  state: 'starting' | 'on' | 'ending' | 'off' | 'failed';
  /** It acts now: it is on, and its schedule has its turn. */
  active: boolean;
  /** How often it has been put on. */
  activations: number;
  /** When its schedule puts it on next, or null. */
  nextAtMs: number | null;
  startedAtMs: number;
  /** When it comes off by itself unless it is renewed. */
  expiresAtMs: number;
  endedAtMs: number | null;
  endedBy: 'lease' | 'cleared' | 'stop' | null;
  proofOfEffect: Proof | null;
  proofOfRemoval: Proof | null;
  /** Set when the state is `failed`. */
  error: string | null;
}

export interface LatencySummary {
  p50: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
}

/** Latency from the intended start of each request; beside it, from when it really was sent, which omits what it waited for. */
export type CorrectedLatency = LatencySummary & { uncorrected: LatencySummary };

/** Runs of what virtual users do; one request each, unless the scenario says otherwise. */
export interface IterationCounts {
  started: number;
  completed: number;
  /** Cut off in their middle, by the end of a graceful stop or ramp down. */
  interrupted: number;
  /** Due, and never started: nobody was free, or the time was over. */
  dropped: number;
}

/** Whether the clients could keep up with what they were to send. */
export interface GeneratorFigures {
  /** How late requests began: actual start − intended start. */
  latenessMs: { p50: number | null; p99: number | null; max: number | null };
  /** Requests whose start came, and those of them that were never sent. */
  due: number;
  dropped: number;
}

export interface TrafficCounts {
  issued: number;
  ok: number;
  failed: number;
  dropped: number;
  inFlight: number;
  reasons: Partial<Record<FailureReason, number>>;
}

export interface TrafficStatus {
  id: string;
  scenario: string;
  seed: number;
  startedAtMs: number;
  /** Null: until it is stopped. */
  durationMs: number | null;
  state: 'running' | 'stopping' | 'done';
  counts: TrafficCounts;
  /** Failed requests so far by reason and the edge or node where the failure began, the most frequent first. */
  failures: { reason: FailureReason; hop: string; count: number }[];
  iterations: IterationCounts;
  /** Virtual users at work now; null where the scenario has none. */
  vus: number | null;
  /** Over the last second. */
  window: { ratePerSec: number; okPerSec: number; failedPerSec: number; latencyMs: CorrectedLatency };
}

export type TopologyState = 'stopped' | 'starting' | 'running' | 'stopping';

export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'aborted';

export interface ExperimentStatus {
  name: string;
  phase: 'starting' | 'warm-up' | 'steady-state' | 'method' | 'recovery' | 'rollback' | 'done';
  /** What is done now within the phase, in words, all steps that are active; null when there is nothing to add. */
  step: string | null;
  startedAtMs: number;
  phaseStartedAtMs: number;
  /** When the phase should be over if all goes to plan; one that takes longer is over when it is over. */
  phaseEndsAtMs: number;
  /** When it should be done if what is left goes to plan. */
  expectedEndAtMs: number;
  verdict: Verdict | null;
  /** Steps of the method and the rollbacks that have begun, as they are now: those without `endedAtMs` are active. */
  steps: StepResult[];
  /** How the probes of the phase stand, twice a second, over its newest 5 s; the verdict rests on whole phases. */
  probes: ProbeResult[];
  /** What was measured last, by a phase or by a step such as wait-until: its `observed` at `window.toMs`. Null before that. */
  lastProbe: ProbeResult | null;
}

/** The whole live picture. One is sent at most every 100 ms; the newest replaces the one before. */
export interface EngineFrame {
  atMs: number;
  topology: TopologyState;
  /** Why the topology last failed to start or to change, until the next attempt. */
  problem: string | null;
  nodes: Record<string, NodeStatus>;
  /** Processes that wait to become the next replica. */
  idleProcesses: number;
  edges: Record<string, EdgeStatus>;
  /** Faults that are on, and those that ended in the last minute. */
  faults: FaultStatus[];
  traffic: TrafficStatus | null;
  experiment: ExperimentStatus | null;
  /** Absent: none was started. */
  sweep?: SweepStatus;
}

export interface HostInfo {
  cores: number;
  memoryBytes: number;
  platform: string;
  cpuModel: string;
  versions: { archipel: string; node: string; postgres: string | null };
}

/** The result of a run, as `--json` writes it. */
export interface RunResult {
  document: string;
  scenario: string;
  seed: number;
  startedAtMs: number;
  durationMs: number;
  traffic: TrafficCounts;
  latencyMs: CorrectedLatency & { routes: Record<string, LatencySummary> };
  routes: Record<string, TrafficCounts>;
  /** Failed requests by reason and hop. */
  failures: { reason: FailureReason; hop: string; count: number }[];
  iterations: IterationCounts;
  generator: GeneratorFigures;
  nodes: Record<
    string,
    {
      replicas: number;
      cpu: number;
      rssBytes: number;
      requests: number;
      errors: number;
      /** Figures of its kind over the run; gauges as they were at its end. */
      measures: Record<string, number | null>;
      /** Which limit bound, judged by the whole run; null when none did. */
      limit: NodeLimit | null;
    }
  >;
  /** Calls along each edge during the run, as the calling processes counted them; figures by id of the `edgeMeasures`. */
  edges: Record<
    string,
    { requests: number; errors: number; shares?: Record<string, number>; measures: Record<string, number | null> }
  >;
  conservation: { holds: boolean; equation: string };
  /** What became of the messages of each queue, group and subscriber; empty where there is no broker. */
  messages: MessageResult[];
  /** By node: how its number of replicas changed during the run, and what an autoscaler made of the load. */
  scaling: Record<string, ScalingFigures>;
  /** Deploys that were under way during the run. */
  deploys: DeployStatus[];
  /** What measuring cost; null where nothing ran. */
  overhead: RunOverhead | null;
  host: HostInfo;
  /** What to know before the figures are believed; an experiment says it among its reasons. */
  warnings: string[];
  /** Id of the record that was kept of it, or null. */
  record: string | null;
}

/** A piece of work within a trace, in the names of OpenTelemetry's semantic conventions. */
export interface TraceSpan {
  traceId: string;
  spanId: string;
  /** Null: it began the trace. The parent may be missing where it was not kept. */
  parentSpanId: string | null;
  name: string;
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  nodeId: string;
  replica: number;
  pid: number;
  startedAtMs: number;
  durationMs: number;
  /** Class of the error that it ended with (`error.type`), or null. */
  error: string | null;
  attributes: Record<string, string | number>;
  /** Trace flags as in W3C Trace Context, and whether the parent is in another process. */
  flags: number;
  remoteParent: boolean;
}

export interface TraceSummary {
  traceId: string;
  /** Of its first span: what was asked for, and the node that it began in. */
  name: string;
  nodeId: string;
  startedAtMs: number;
  durationMs: number;
  spans: number;
  /** The request failed. */
  failed: boolean;
  /** Spans that ended with an error; some of them in a request that went well in the end. */
  errors: number;
  /** Why and at which edge or node it failed, or an attempt of it. */
  reason: string | null;
  hop: string | null;
  /** Its first span is here. Else the client, or whoever else began it, did not tell. */
  complete: boolean;
}

export interface TraceFilter {
  /** Only requests that failed, or of which an attempt did. */
  failed?: boolean;
  /** Name of the trace, such as "GET /orders". */
  name?: string;
  /** Why it failed, and at which edge or node. */
  reason?: string;
  hop?: string;
  minDurationMs?: number;
  limit?: number;
}

export interface TracingSettings {
  /** Share of the requests that is traced whether they fail or not, 0 to 1. Null: nothing is traced. */
  ratio: number | null;
  /** Where spans are sent besides, by OTLP/HTTP; null: nowhere. */
  otlpUrl: string | null;
}

export interface TracingStatus {
  settings: TracingSettings;
  /** Spans that were kept or sent on, and those that were too many, since the engine started. */
  spans: number;
  droppedSpans: number;
  /** Null without a URL. */
  otlp: { sent: number; waiting: number; dropped: number; problem: string | null } | null;
}

/** Traces, the newest first, and how tracing goes. */
export interface TraceList {
  traces: TraceSummary[];
  /** Names of all that are kept, for a choice. */
  names: string[];
  status: TracingStatus;
}

/** What the means of this run cost in it. All of it is measured in the run itself. */
export interface RunOverhead {
  links: {
    /** Median of (health check through a link − health check beside it), each pair one after the other; null with fewer than 5. */
    addedP50Ms: number | null;
    pairs: number;
    /** Mean share of a core of the process that carries all edges. */
    cpu: number;
  };
  tracing: {
    ratio: number | null;
    /** Spans that ended in all processes, and those that should have been told and were too many. */
    spans: number;
    dropped: number;
    /** Mean share of a core, all processes together, as they estimate it from every 64th step. */
    cpu: number;
  };
  /** Mean share of a core of the engine, which collects what all processes tell. */
  engine: { cpu: number };
}

/** What a probe's result rests on: where to look it up, and what was counted. */
export interface ProbeEvidence {
  /** The time that was measured, which a record keeps too. */
  window: { fromMs: number; toMs: number };
  /** Id of the record of the run, or null. */
  record: string | null;
  /** Of requests: what was counted in the window, such as `ok`, `failed`, `dropped`. */
  counters: Record<string, number>;
  /** Of looks: the first, the last, and those that decided; at most 20. */
  looks: ProbeLook[];
  /** Of a log: the lines that were found, the first 20 of them, long ones cut. Left out where none was. */
  lines?: LogLine[];
}

/** One look of a probe at the running system. */
export interface ProbeLook {
  atMs: number;
  /** As JSON, cut off where it is long. Null when nothing could be seen. */
  value: string | null;
  holds: boolean;
  /** What was seen beside the value, or why nothing was. */
  note: string | null;
}

export interface ProbeResult {
  name: string;
  /** What kind of probe it is, such as `latency` or `http`. */
  measure: string;
  /** `recovering`: from the last removal until the steady state held again. `method`: a step of the method. */
  phase: 'before' | 'during' | 'recovering' | 'after' | 'method';
  /** `during`: id of the fault or change that was on. A method with several is judged for each of them. */
  fault: string | null;
  /** Requests with an intended start in here were measured, or looks taken, in epoch milliseconds. */
  window: { fromMs: number; toMs: number };
  /** Null where nothing was measured, or what was seen is no number; `observed` says it then. */
  value: number | null;
  /** The value in words or JSON, short. */
  observed: string;
  unit: 'ratio' | 'ms' | 'per second' | 'count' | 'times' | 'bytes' | 'none';
  samples: number;
  /** Bounds of a range; empty where the tolerance is of another form, which `wanted` says. */
  tolerance: { min?: number; max?: number };
  /** The tolerance in words. */
  wanted: string;
  /** Distance to the nearest bound, in the probe's unit; negative when outside. Null where there is no such distance. */
  margin: number | null;
  holds: boolean;
  /** Why nothing can be concluded from it, or null. */
  inconclusive: string | null;
  evidence: ProbeEvidence;
}

/** A step of the method or of the rollbacks as it really was. */
export interface StepResult {
  /** Where it stands, such as `method[1]` or `rollbacks[0]`. */
  place: string;
  type: string;
  name: string | null;
  /** Id of the fault or change that it made, or null. */
  id: string | null;
  startedAtMs: number;
  /** When its effect was there. */
  begunAtMs: number | null;
  endedAtMs: number | null;
  /** Why it failed, or null. */
  error: string | null;
}

/** When somebody who watches the hypothesis would have noticed. */
export interface Detection {
  /** Id of the fault or change. */
  fault: string;
  /** From its effect to the end of the first slice in which a probe of the hypothesis was out of tolerance for good reason; null: none was. */
  timeToDetectMs: number | null;
  /** Name of that probe. */
  by: string | null;
}

export interface ErrorBudget {
  /** Success ratio that was to be kept. */
  objective: number;
  from: 'experiment' | 'hypothesis';
  /** Requests that may fail by it, of those between the first effect and the end of the recovery. */
  allowed: number;
  failed: number;
  /** `failed / allowed`: 1 is all of it. */
  spent: number;
}

/** Which share was affected while faults and changes were on: surely failing more often than in the steady state. */
export interface Affected {
  affected: string[];
  /** All of those that could be judged. */
  of: string[];
  /** Share of those; null where none could be. */
  share: number | null;
  /** Between which it lies with a confidence of 95 %, those that could not be judged counted both ways. */
  interval: { low: number; high: number };
}

/** What the faults and changes of the method did, measured from the first effect to the recovery. */
export interface Impact {
  window: { fromMs: number; toMs: number };
  /** Success ratio in the window; null without requests. */
  availability: number | null;
  requests: number;
  failed: number;
  detections: Detection[];
  /** From the first effect; null when nothing was noticed. */
  timeToDetectMs: number | null;
  /** From the first effect to the recovery; null when there was none. */
  timeToRecoverMs: number | null;
  /** Null without an objective: the hypothesis asks for no success ratio. */
  errorBudget: ErrorBudget | null;
  blastRadius: { routes: Affected; nodes: Affected };
}

export interface ExperimentResult extends RunResult {
  experiment: { name: string; title: string; statement: string };
  verdict: Verdict;
  /** Each reason for the verdict, the most important first. */
  reasons: string[];
  probes: ProbeResult[];
  faults: FaultStatus[];
  /** From the end of the last fault until the steady state held again; null when it did not in time. */
  recoveryMs: number | null;
  /** Null when nothing of the method had an effect. */
  impact: Impact | null;
  steps: StepResult[];
  /** Of the rollbacks; empty where the experiment has none. */
  rollbacks: StepResult[];
  /** Name of the stop condition that ended it, or null. */
  stoppedBy: string | null;
  journal: { atMs: number; event: string }[];
}

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

export type SweepType = 'knee' | 'replicas' | 'retries-timeout' | 'hysteresis' | 'repeat' | 'ab';

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
  | AbFindings;

export type SweepResult = SweepFacts & SweepFindings;
