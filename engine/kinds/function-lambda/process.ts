import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createCallCounters } from '../../process-kit/call-counters.ts';
import { createCallers } from '../../process-kit/callers.ts';
import { faultHooks } from '../../process-kit/fault-hooks.ts';
import type { HookedInit } from '../../process-kit/function-hooks.ts';
import { createHttpProgram } from '../../process-kit/http-program.ts';
import { linkEnvironment } from '../../process-kit/link-environment.ts';
import { createJournal } from '../../process-kit/messages/journal.ts';
import { createMessageCaller } from '../../process-kit/messages/message-caller.ts';
import { withMessages } from '../../process-kit/messages/with-messages.ts';
import type { EnvironmentStatus } from '../../process-kit/protocol.ts';
import { type ProgramStart, runProcess } from '../../process-kit/run-process.ts';
import { INIT_CRASH, INIT_DELAY } from '../../wire/lambda/protocol.ts';
import { functionArn, lambdaVariables } from '../../wire/lambda/variables.ts';
import { INIT_TIMEOUT_MS, type LambdaConfig } from './config.ts';
import { deadLetterOf } from './dead-letter.ts';
import { Environment } from './environment.ts';
import { createEventSources } from './event-sources.ts';
import { createEventQueue } from './events.ts';
import { createFleet, type Initialization } from './fleet.ts';
import { createFront } from './front.ts';
import { createGate } from './gate.ts';
import { createInvoker } from './invoker.ts';
import { createMeter } from './meter.ts';
import { placeTask, removeTask, type Task } from './task.ts';
import { inheritedVariables } from './variables.ts';

/** Frames tell of so many environments one by one. */
const MOST_TOLD = 60;
/** Its event sources may take so long to listen before it counts as ready all the same. */
const LISTENING_MS = 2000;

/*
 * The platform of one function: takes requests, starts and ends execution environments. What runs in them is the bootstrap
 * of engine/wire/lambda and the user's handler.
 */
runProcess<LambdaConfig>((start) => {
  const { nodeId, replica } = start;
  const meter = createMeter();
  const journal = createJournal({ directory: start.journalDirectory ?? '', nodeId, replica });
  const callers = createCallers(nodeId, (edge) =>
    createMessageCaller(edge, { journal, consumerName: `${nodeId}-${replica}` }),
  );
  const calls = createCallCounters();
  let { config, edges } = start;
  let revision = 0;
  let task = place(start, config, revision);
  let startedCount = 0;
  const alive = new Set<Environment>();
  /** Whose INIT a fault makes longer. */
  const slowed = new WeakSet<Environment>();
  // More at once than there are cores would only make each INIT longer, and its price higher.
  const inits = createGate(availableParallelism());

  // Whatever ends this process, nobody else would end an environment that spins.
  process.on('exit', () => {
    for (const environment of alive) environment.kill();
  });

  const startEnvironment = (initialization: Initialization) => {
    const { root, handler } = task;
    const { memoryMb, environment: own } = config;
    startedCount += 1;
    const environmentId = `${start.replica}-${startedCount}`;
    meter.count('environmentsStarted');
    const environment: Environment = new Environment({
      command: process.execPath,
      // Lambda's Node runtime leaves a tenth of the memory to what is not the heap.
      args: [`--max-old-space-size=${Math.floor(memoryMb * 0.9)}`, join(__dirname, 'lambda-bootstrap.cjs')],
      cwd: root,
      variables: (runtimeApi) => {
        const disturbed = hookedInit();
        if (INIT_DELAY in disturbed) slowed.add(environment);
        return {
          ...inheritedVariables(process.env),
          ...own,
          ...linkEnvironment(edges),
          ARCHIPEL_NODE_ID: nodeId,
          ...disturbed,
          ...lambdaVariables({
            ...{ functionName: nodeId, memoryMb, handler, taskRoot: root, runtimeApi, initialization, environmentId },
            atMs: Date.now(),
          }),
        };
      },
      onBegan: (pid) => start.childBegan(pid),
      onEnded(pid) {
        if (pid !== null) start.childEnded(pid);
        alive.delete(environment);
        meter.forget(environment);
      },
    });
    alive.add(environment);
    meter.follow(environment);
    return { environment, ready: inits.pass(() => environment.start(INIT_TIMEOUT_MS)) };
  };

  const fleet = createFleet({
    config,
    start: startEnvironment,
    onInit(member, failure) {
      const { initMs } = failure ?? member.environment;
      meter.count('initMs', initMs);
      if (failure === null) {
        if (slowed.has(member.environment)) {
          meter.count('slowedInits');
          meter.count('slowedInitMs', initMs);
        }
        meter.time('init', initMs);
      } else {
        meter.count('initFailures');
        console.log(
          `INIT failed after ${initMs.toFixed(0)} ms: ${failure.error.errorType}: ${failure.error.errorMessage}`,
        );
      }
      // Nobody waits for a provisioned one, and it is billed all the same.
      if (member.initialization === 'on-demand') return;
      meter.count('billedMs', Math.ceil(initMs));
      meter.count('provisionedMbMs', Math.ceil(initMs) * config.memoryMb);
    },
  });
  const invoker = createInvoker(config, fleet, meter);
  const events = createEventQueue(config, {
    invoke: invoker.invoke,
    meter,
    giveUp: async (event) => {
      const { deadLetterEdge } = config.asynchronous;
      if (deadLetterEdge === null) return false;
      try {
        const { caller } = callers.get('http', deadLetterEdge);
        const body = deadLetterOf(event, functionArn(nodeId));
        await calls.count(deadLetterEdge, () =>
          caller.fetch({
            method: 'POST',
            path: '/',
            headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
            body,
          }),
        );
        return true;
      } catch (error) {
        console.log(`an event could not be dead-lettered: ${error instanceof Error ? error.message : String(error)}`);
        return false;
      }
    },
  });
  const sources = createEventSources({
    ...{ nodeId, replica, journal, callers, calls, invoke: invoker.invoke },
    onAnswered: ({ isCold }, tookMs) => meter.time(isCold ? 'cold' : 'warm', tookMs),
  });
  const front = createFront(nodeId, config, { invoker, events, meter });
  const http = createHttpProgram(front.handle);

  /** Capacity that is provisioned costs while it is there, used or not. */
  let capacityCountedMs = performance.now();
  const countCapacity = (): void => {
    const nowMs = performance.now();
    meter.count(
      'provisionedCapacityMbMs',
      config.provisionedConcurrency * config.memoryMb * (nowMs - capacityCountedMs),
    );
    capacityCountedMs = nowMs;
  };

  const gauges = (): Record<string, number> => {
    const members = fleet.members();
    const inState = (state: Environment['state']): number =>
      members.filter(({ environment }) => environment.state === state).length;
    const starting = members.filter(({ environment }) => environment.state === 'starting');
    return {
      environments: alive.size,
      starting: starting.length,
      idle: inState('idle'),
      busy: inState('busy'),
      concurrency: fleet.concurrency,
      waiting: starting.filter(({ initialization }) => initialization === 'on-demand').length,
      queued: events.queued,
      openEvents: events.open,
      inHand: invoker.inHand,
    };
  };

  const environments = (): EnvironmentStatus[] =>
    fleet
      .members()
      .slice(0, MOST_TOLD)
      .flatMap(({ environment, initialization }) => {
        const { state, pid, initMs, invocations, usage } = environment;
        if (state === 'gone') return [];
        return [
          {
            ...{ pid, state, invocations, residentBytes: usage.residentBytes },
            isProvisioned: initialization === 'provisioned-concurrency',
            initMs: initMs === 0 ? null : initMs,
          },
        ];
      });

  /** The handlers call for themselves; only dead letters and keys of what is done go out from here, and what triggers it is polled from here. */
  const wireCallers = (): void => {
    const own = new Set([
      config.asynchronous.deadLetterEdge,
      ...config.eventSources.flatMap(({ edge, idempotency }) => [edge, idempotency?.edge ?? null]),
    ]);
    callers.wire(edges.filter(({ id }) => own.has(id)));
  };
  wireCallers();
  faultHooks.functions.renew = () => fleet.renew(config);

  return {
    async listen() {
      const port = await http.listen();
      sources.configure(config.eventSources);
      // A function whose broker is away is ready for everything else.
      await sources.listening(LISTENING_MS);
      return port;
    },
    wire(changed) {
      const isMoved = JSON.stringify(linkEnvironment(changed)) !== JSON.stringify(linkEnvironment(edges));
      edges = changed;
      wireCallers();
      sources.configure(config.eventSources);
      // Variables are read when a process starts.
      if (isMoved) fleet.renew(config);
    },
    configure(changed: LambdaConfig) {
      countCapacity();
      const isNewProgram = JSON.stringify(programOf(changed)) !== JSON.stringify(programOf(config));
      config = changed;
      invoker.configure(changed);
      events.configure(changed);
      front.configure(changed);
      wireCallers();
      sources.configure(changed.eventSources);
      if (!isNewProgram) {
        fleet.configure(changed);
        return;
      }
      const before = task;
      revision += 1;
      task = place(start, changed, revision);
      fleet.renew(changed);
      retire(before, alive);
    },
    measure() {
      countCapacity();
      invoker.checkMemory();
      return {
        ...withMessages(http.measure(), sources.measure()),
        ...meter.measure(),
        gauges: gauges(),
        environments: environments(),
        children: meter.usage(),
        calls: calls.read(callers.all()),
      };
    },
    calls: { 'function-counters': meter.counters },
    async drain() {
      await Promise.all([http.drain(), sources.stop()]);
      await events.stop();
      await fleet.stop();
      await callers.close();
    },
  };
});

function place(
  { directory, documentDirectory = null }: ProgramStart<LambdaConfig>,
  config: LambdaConfig,
  revision: number,
) {
  if (directory === undefined) throw new Error('a function needs a directory of its own');
  return placeTask(config, { directory, documentDirectory, bundles: __dirname, revision });
}

/** What an environment is started with; the rest of the config concerns the platform alone. */
const programOf = ({ source, file, handler, memoryMb, environment }: LambdaConfig) => ({
  ...{ source, file, handler, memoryMb, environment },
});

/** What faults want of an INIT, as the bootstrap is told. */
function hookedInit(): Record<string, string> {
  const wanted: HookedInit = {};
  for (const hook of faultHooks.functions.init) Object.assign(wanted, hook());
  return {
    ...(wanted.delayMs !== undefined && { [INIT_DELAY]: String(wanted.delayMs) }),
    ...(wanted.crashes && { [INIT_CRASH]: '1' }),
  };
}

/** Removes the code of before once no environment runs it any more. */
function retire(task: Task, alive: ReadonlySet<Environment>): void {
  void Promise.all([...alive].map(({ gone }) => gone)).then(() => removeTask(task));
}
