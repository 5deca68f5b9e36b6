import { catalogue } from '../catalogue.ts';
import { foreignParts } from '../experiments/probes-of.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import type { Scenario } from '../model/scenario.ts';
import { abWork } from '../sweeps/ab.ts';
import { type BatchEntry, batchWork } from '../sweeps/batch.ts';
import { sideOf } from '../sweeps/budget.ts';
import type { Points, SweepWork } from '../sweeps/course.ts';
import { gridWork } from '../sweeps/grid.ts';
import { hysteresisWork } from '../sweeps/hysteresis.ts';
import { kneeWork } from '../sweeps/knee.ts';
import { repeatWork } from '../sweeps/repeat.ts';
import { replicaCurveWork } from '../sweeps/replica-curve.ts';
import { type RunningSweep, startSweep } from '../sweeps/runner.ts';
import type { Engine, SweepRequest } from './engine.ts';
import type { SweepGround } from './sweep-ground.ts';
import { sweepWorld } from './sweep-world.ts';
import type { SweepResult, SweepStatus } from './types.ts';

export interface Sweeps {
  start: Engine['startSweep'];
  /** Throws when it could not run; else answers what it is. */
  check(request: SweepRequest): { type: SweepStatus['type']; name: string; document: string };
  /** Starts one while none runs, under the control of its owner. */
  begin(
    request: SweepRequest,
    options: { abort: AbortController; points?: Points; onStatus?(status: SweepStatus): void },
  ): { done: Promise<SweepResult> };
  stop: Engine['stopSweep'];
  done: Engine['sweepDone'];
  last: Engine['lastSweep'];
  status(): SweepStatus | undefined;
  /** Throws while a sweep runs: the topology is its own. */
  refuseWhileRunning(): void;
  /** Ends one that runs, and waits until everything is undone. */
  abort(reason: string): Promise<void>;
}

/** Runs sweeps on the engine, one at a time, each on topologies of its own. */
export function createSweeps(ground: SweepGround): Sweeps {
  let status: SweepStatus | undefined;
  let running: (RunningSweep & { abort: AbortController }) | null = null;
  let last: SweepResult | null = null;

  const current = (): Promise<SweepResult> => {
    if (running) return running.done;
    if (last) return Promise.resolve(last);
    throw new ArchipelError('wrong-state', 'No sweep was started.', 'Start one first.');
  };

  const refuseWhileRunning = (): void => {
    if (running) throw new ArchipelError('wrong-state', 'A sweep runs.', 'Wait until it is over, or stop it.');
  };

  const begin: Sweeps['begin'] = (request, { abort, points, onStatus }) => {
    refuseWhileRunning();
    const sweep = startSweep({
      ...workOf(request, ground),
      world: sweepWorld(ground),
      host: ground.host,
      signal: abort.signal,
      points,
      onStatus(changed) {
        status = changed;
        onStatus?.(changed);
        ground.changed();
      },
    });
    running = { ...sweep, abort };
    void sweep.done
      .then((result) => {
        last = result;
      })
      .finally(() => {
        running = null;
        ground.changed();
      });
    return sweep;
  };

  return {
    async start(request) {
      refuseWhileRunning();
      if (!ground.isIdle())
        throw new ArchipelError(
          'wrong-state',
          'A topology runs already, and a sweep needs one of its own.',
          'Stop it first.',
        );
      begin(request, { abort: new AbortController() });
    },
    check(request) {
      const { work, document } = workOf(request, ground);
      return {
        type: work.finding().findings.type,
        name: work.name,
        document: request.type === 'ab' ? work.name : (work.document ?? document.name),
      };
    },
    begin,
    stop() {
      running?.abort.abort(new ArchipelError('stopped', 'It was stopped by the user.', 'Start it again.'));
      return current();
    },
    done: async () => current(),
    last: () => running?.result() ?? last,
    status: () => status,
    refuseWhileRunning,
    async abort(reason) {
      if (!running) return;
      running.abort.abort(new ArchipelError('stopped', `It ended because ${reason}.`, 'Start it again.'));
      await running.done;
    },
  };
}

interface Started {
  work: SweepWork;
  document: ArchipelDocument;
  directory: string | null;
}

function workOf(request: SweepRequest, { checked }: Pick<SweepGround, 'checked'>): Started {
  if (request.type === 'ab') {
    const [a, b] = [request.a, request.b].map(({ document, directory = null }) => {
      const valid = checked(document);
      return { document: valid, directory, facts: sideOf(valid, catalogue.kinds) };
    }) as [Parameters<typeof abWork>[2]['a'], Parameters<typeof abWork>[2]['b']];
    const scenario = named(a.document.scenarios, request.plan.scenario, 'scenario');
    return { work: abWork(request.plan, scenario, { a, b }), document: a.document, directory: a.directory };
  }
  if (request.type === 'batch') {
    const entries = request.of.flatMap((of) => entriesOf(of, request.seed, checked));
    const [first] = entries;
    if (!first)
      throw new ArchipelError('not-found', 'There is no experiment in these documents.', 'Add one to a document.');
    return { work: batchWork(entries), document: first.document, directory: first.directory };
  }
  const { directory = null } = request;
  const document = checked(withSweep(request));
  if (request.type === 'repeat') {
    const { of } = request.repeat;
    const experiment = of.type === 'experiment' ? named(document.experiments, of.name, 'experiment') : null;
    const scenario = named(
      document.scenarios,
      experiment?.scenario ?? (of.type === 'run' ? of.scenario : ''),
      'scenario',
    );
    return { work: repeatWork(request.repeat, { scenario, experiment }), document, directory };
  }
  const sweep = named(document.sweeps, typeof request.sweep === 'string' ? request.sweep : request.sweep.name, 'sweep');
  return { work: sweepWork(sweep, named(document.scenarios, sweep.scenario, 'scenario')), document, directory };
}

/** Refused as a whole when one of them could not run. */
function entriesOf(
  { document, directory = null, names }: Extract<SweepRequest, { type: 'batch' }>['of'][number],
  seed: number | undefined,
  checked: SweepGround['checked'],
): BatchEntry[] {
  const valid = checked(document);
  const wanted = names?.map((name) => named(valid.experiments, name, 'experiment')) ?? valid.experiments;
  return wanted.map((experiment) => {
    const foreign = foreignParts(experiment);
    if (foreign.length > 0)
      throw new ArchipelError(
        'document-invalid',
        `The experiment "${experiment.name}" holds what cannot be run here: ${foreign.join(', ')}.`,
        'Leave it out of the batch, or put steps and probes of Archipel in their place.',
      );
    const scenario = named(valid.scenarios, experiment.scenario, 'scenario');
    return { document: valid, directory, experiment, seed: seed ?? scenario.seed };
  });
}

/** A sweep that comes beside the document is checked as one in it. */
function withSweep(request: Exclude<SweepRequest, { type: 'ab' | 'batch' }>): ArchipelDocument {
  const { document } = request;
  if (request.type === 'repeat' || typeof request.sweep === 'string') return document;
  const { sweep } = request;
  return { ...document, sweeps: [...document.sweeps.filter(({ name }) => name !== sweep.name), sweep] };
}

function sweepWork(sweep: ArchipelDocument['sweeps'][number], scenario: Scenario): SweepWork {
  switch (sweep.type) {
    case 'knee':
      return kneeWork(sweep, scenario);
    case 'replicas':
      return replicaCurveWork(sweep, scenario);
    case 'retries-timeout':
      return gridWork(sweep, scenario);
    case 'hysteresis':
      return hysteresisWork(sweep, scenario);
  }
}

function named<Item extends { name: string }>(items: readonly Item[], name: string, what: string): Item {
  const found = items.find((item) => item.name === name);
  if (found) return found;
  throw new ArchipelError(
    'not-found',
    `The document has no ${what} "${name}".`,
    items.length > 0 ? `Use one of ${items.map((item) => `"${item.name}"`).join(', ')}.` : `Add one to the document.`,
  );
}
