import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { linkEnvironment } from '../../process-kit/link-environment.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { EXCEPTION_HEADER } from '../../wire/workers/entry.ts';
import { createGate } from '../function-lambda/gate.ts';
import { inheritedVariables } from '../function-lambda/variables.ts';
import { createMeter } from '../web-function/meter.ts';
import { ownedProcesses } from '../web-function/owned-processes.ts';
import { createWebPlatform } from '../web-function/platform.ts';
import { createPool, type PoolLimits } from '../web-function/pool.ts';
import { ISOLATE_MEMORY_MB, START_TIMEOUT_MS, type WorkersConfig } from './config.ts';
import { findWorkerd } from './find-workerd.ts';
import { pageOf } from './pages.ts';
import { nodeIsolate, type Placed, place, workerdIsolate } from './runtimes.ts';

/** The platform of one Workers-style function. */
runProcess<WorkersConfig>((start) => {
  const { nodeId, directory, documentDirectory = null } = start;
  if (directory === undefined) throw new Error('a function needs a directory of its own');
  let { config, edges } = start;
  let revision = 0;
  const meter = createMeter();
  const gate = createGate(availableParallelism());
  const owned = ownedProcesses(start);

  const placeCode = (): Placed =>
    place(config, {
      directory: join(directory, `worker-${revision}`),
      documentDirectory,
      bindings: () => ({ ...config.environment, ...linkEnvironment(edges) }),
    });

  /** What workerd is found to be, for the config as it is; null: isolates of Node's. */
  const choose = (): string | null => {
    if (config.runtime === 'isolates') return null;
    const found = findWorkerd(
      [documentDirectory, __dirname].filter((each): each is string => each !== null),
      process.env,
    );
    if (config.runtime === 'workerd') {
      if (found === null)
        throw new Error(
          'workerd was not found: install it beside the document with "npm install workerd", name its program in ARCHIPEL_WORKERD, or choose the runtime "auto"',
        );
      return found;
    }
    // Elsewhere nothing tells how much CPU time it uses.
    return process.platform === 'linux' ? found : null;
  };

  let placed = placeCode();
  let workerd = choose();

  const limits = (): PoolLimits => ({
    concurrency: config.requestsPerIsolate,
    environments: config.maxIsolates,
    whenFull: 'crowd',
    idleTimeoutMs: config.idleTimeoutMs,
    cpuLimitMs: config.cpuLimitMs,
    memoryMb: ISOLATE_MEMORY_MB,
    initTimeoutMs: START_TIMEOUT_MS,
  });

  const pool = createPool({
    limits: limits(),
    meter,
    createHost() {
      if (workerd === null) return nodeIsolate(placed, __dirname);
      return workerdIsolate(placed, workerd, {
        env: inheritedVariables(process.env),
        ...owned,
      });
    },
    start: (begin) => gate.pass(begin),
  });

  const platform = createWebPlatform({
    ...{ nodeId, meter, page: pageOf },
    poolOf: () => pool,
    pools: () => [pool],
    tellsException: (status, headers) =>
      status === 500 &&
      (headers[EXCEPTION_HEADER] !== undefined ||
        // workerd itself, of a Worker that will never answer.
        (workerd !== null && headers.connection === 'close' && headers['content-length'] === '21')),
  });

  return {
    ...platform,
    wire(changed) {
      const isMoved = JSON.stringify(linkEnvironment(changed)) !== JSON.stringify(linkEnvironment(edges));
      edges = changed;
      // What a Worker finds in env is read when it starts.
      if (isMoved) pool.renew();
    },
    configure(changed: WorkersConfig) {
      const isNewProgram = JSON.stringify(programOf(changed)) !== JSON.stringify(programOf(config));
      config = changed;
      if (isNewProgram) {
        const before = placed;
        revision += 1;
        placed = placeCode();
        workerd = choose();
        const running = pool.members().map(({ host }) => host.gone);
        pool.renew();
        void Promise.all(running).then(() => rmSync(before.directory, { recursive: true, force: true }));
      }
      pool.configure(limits());
    },
    measure() {
      const measured = platform.measure();
      return { ...measured, gauges: { ...measured.gauges, runsWorkerd: workerd === null ? 0 : 1 } };
    },
  };
});

/** What an isolate is started with; the rest of the config concerns the platform alone. */
const programOf = ({ source, file, runtime, compatibilityDate, compatibilityFlags, environment }: WorkersConfig) => ({
  ...{ source, file, runtime, compatibilityDate, compatibilityFlags, environment },
});
