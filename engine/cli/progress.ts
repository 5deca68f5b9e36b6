import type { EngineFrame, FaultStatus } from '../api/types.ts';
import { targetName } from '../model/target-name.ts';
import { milliseconds, perSecond, plural, reasons, seconds } from './figures.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

const LIVE_INTERVAL_MS = 250;
const PLAIN_INTERVAL_MS = 5000;

/** Shows what the engine does until it is disposed of: a live line at a terminal, else a line now and then. */
export function showProgress(terminal: Terminal, { callerUntil }: Session): Disposable {
  const controller = new AbortController();
  let lastMs = 0;
  let lastStage = '';
  const told = new Set<string>();
  const tellOnce = (key: string, text: () => string): void => {
    if (told.has(key)) return;
    told.add(key);
    terminal.line(text());
  };

  const show = async (): Promise<void> => {
    for await (const frame of await callerUntil(controller.signal).frames()) {
      if (controller.signal.aborted) return;
      for (const event of eventsOf(frame)) tellOnce(event.key, event.text);
      const status = statusOf(frame);
      if (!status) continue;
      const due = terminal.isLive ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS;
      if (status.stage === lastStage && Date.now() - lastMs < due) continue;
      lastStage = status.stage;
      lastMs = Date.now();
      if (terminal.isLive) terminal.live(status.text);
      else terminal.line(status.text);
    }
  };
  // Progress is a courtesy: without it the work goes on.
  show().catch(() => {});

  return {
    [Symbol.dispose]() {
      controller.abort();
      terminal.live('');
    },
  };
}

interface Event {
  key: string;
  text(): string;
}

function* eventsOf({ faults, nodes, topology }: EngineFrame): Iterable<Event> {
  // While the topology stops, everything dies, and is meant to.
  for (const node of topology === 'running' ? Object.values(nodes) : [])
    if (node.state === 'dead')
      yield {
        key: `dead ${node.id} ${node.reason}`,
        text: () => `${node.id}: dead${node.reason ? `, ${node.reason}` : ''}`,
      };
  for (const { deploy } of Object.values(nodes))
    if (deploy)
      yield {
        key: `${deploy.id} ${deploy.state} ${deploy.phase}`,
        text: () => `${deploy.node} ${deploy.version} ${deploy.state}: ${deploy.phase}`,
      };
  for (const fault of faults) {
    if (fault.proofOfEffect)
      yield { key: `${fault.id} on`, text: () => `${nameOf(fault)} is on: ${fault.proofOfEffect?.evidence}` };
    if (fault.proofOfRemoval)
      yield { key: `${fault.id} off`, text: () => `${nameOf(fault)} is off: ${fault.proofOfRemoval?.evidence}` };
    if (fault.error !== null)
      yield { key: `${fault.id} failed`, text: () => `${nameOf(fault)} failed: ${fault.error}` };
  }
}

const nameOf = ({ fault, target }: FaultStatus): string => `${fault} on ${targetName(target)}`;

interface Status {
  /** A new one is told at once. */
  stage: string;
  text: string;
}

function statusOf(frame: EngineFrame): Status | null {
  const nodes = Object.values(frame.nodes);
  if (frame.topology === 'starting' && nodes.length > 0) {
    const ready = nodes.filter(({ state }) => state === 'ready').length;
    const waiting = nodes.filter(({ state }) => state !== 'ready').map(({ id, state }) => `${id} ${state}`);
    const text = `starting: ${ready} of ${nodes.length} ready${waiting.length > 0 ? ` (${waiting.join(', ')})` : ''}`;
    return { stage: 'starting', text };
  }
  if (frame.topology === 'stopping') return { stage: 'stopping', text: 'stopping the processes' };
  const sweep = sweepOf(frame);
  const { traffic, experiment } = frame;
  if (!traffic || traffic.counts.issued === 0) return null;
  const { counts, window } = traffic;
  const endMs =
    sweep?.endMs ??
    experiment?.expectedEndAtMs ??
    (traffic.durationMs === null ? null : traffic.startedAtMs + traffic.durationMs);
  const failed = reasons(counts.reasons);
  const phase = experimentStage(experiment) ?? (traffic.state === 'running' ? 'running' : 'ending');
  const stage = sweep ? `${sweep.stage} ${phase}` : phase;
  const parts = [
    sweep?.text ?? stage,
    endMs === null ? null : `${seconds(Math.max(0, endMs - frame.atMs))} left`,
    `${perSecond(window.ratePerSec)} sent`,
    traffic.vus === null ? null : plural(traffic.vus, 'VU'),
    `p99 ${milliseconds(window.latencyMs.p99)}`,
    failed === '' ? 'no failures' : `failed: ${failed}`,
    counts.dropped > 0 ? `dropped ${counts.dropped}` : null,
  ];
  return { stage, text: parts.filter((part) => part !== null).join('  ') };
}

function sweepOf({ sweep }: EngineFrame): (Status & { endMs: number }) | null {
  if (sweep?.state !== 'running') return null;
  const { step, stepsDone, stepsExpected, expectedEndAtMs } = sweep;
  return { stage: `${stepsDone} ${step}`, text: `[${stepsDone + 1}/${stepsExpected}] ${step}`, endMs: expectedEndAtMs };
}

const experimentStage = (experiment: EngineFrame['experiment']): string | null =>
  experiment && (experiment.step === null ? experiment.phase : `${experiment.phase}: ${experiment.step}`);
