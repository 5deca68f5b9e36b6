import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathOf } from '../../model/routes.ts';
import { linkEnvironment } from '../../process-kit/link-environment.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { EXCEPTION_HEADER } from '../../wire/next/environment-protocol.ts';
import { matchRoute, sortedByPrecedence } from '../../wire/next/route-tree.ts';
import { createGate } from '../function-lambda/gate.ts';
import { inheritedVariables } from '../function-lambda/variables.ts';
import type { Host } from '../web-function/host.ts';
import { createMeter } from '../web-function/meter.ts';
import { ownedProcesses } from '../web-function/owned-processes.ts';
import { createWebPlatform } from '../web-function/platform.ts';
import { createPool, type Pool, type PoolLimits } from '../web-function/pool.ts';
import { type NextConfig, START_TIMEOUT_MS } from './config.ts';
import { type EnvironmentContext, nextServer, routeEnvironment } from './environments.ts';
import { pageOf } from './pages.ts';
import { placeProject } from './project.ts';

/** Functions of one program: what they are found by. */
interface Deployed {
  directory: string;
  isOurs: boolean;
  runsNext: boolean;
  pools: Pool[];
  poolOf(path: string): Pool | null;
}

/** The platform of the route handlers of one node. */
runProcess<NextConfig>((start) => {
  const { nodeId, directory, documentDirectory = null } = start;
  if (directory === undefined) throw new Error('a function needs a directory of its own');
  let { config, edges } = start;
  let revision = 0;
  const meter = createMeter();
  const gate = createGate(availableParallelism());
  const owned = ownedProcesses(start);

  const limits = (): PoolLimits => ({
    concurrency: config.concurrency,
    environments: config.maxEnvironments,
    whenFull: 'refuse',
    idleTimeoutMs: config.idleTimeoutMs,
    cpuLimitMs: null,
    memoryMb: config.memoryMb,
    initTimeoutMs: START_TIMEOUT_MS,
  });

  const deploy = (): Deployed => {
    const project = placeProject(config, { directory: join(directory, `project-${revision}`), documentDirectory });
    const { nextProgram } = project;
    const context: EnvironmentContext = {
      directory: project.directory,
      memoryMb: config.memoryMb,
      variables: () => ({
        ...inheritedVariables(process.env),
        ...config.environment,
        ...linkEnvironment(edges),
        ARCHIPEL_NODE_ID: nodeId,
      }),
      ...owned,
    };
    const poolFor = (createHost: () => Host): Pool =>
      createPool({ limits: limits(), meter, createHost, start: (begin) => gate.pass(begin) });
    const placed = { directory: project.directory, isOurs: config.project === '', runsNext: nextProgram !== null };
    if (nextProgram !== null) {
      const pool = poolFor(() => nextServer(nextProgram, context));
      return { ...placed, pools: [pool], poolOf: () => pool };
    }
    const functions = sortedByPrecedence(project.routes).map((route) => ({
      pattern: route.pattern,
      pool: poolFor(() => routeEnvironment(route, __dirname, context)),
    }));
    return {
      ...placed,
      pools: functions.map(({ pool }) => pool),
      poolOf: (path) => functions.find(({ pattern }) => matchRoute(pattern, path) !== null)?.pool ?? null,
    };
  };

  let deployed = deploy();
  /** Of before, until their last request has left. */
  const leaving = new Set<Pool>();

  const platform = createWebPlatform({
    ...{ nodeId, meter, page: pageOf },
    timeoutMs: () => config.timeoutMs,
    poolOf: (incoming) => deployed.poolOf(pathOf(incoming.url ?? '/')),
    pools: () => [...deployed.pools, ...leaving],
    tellsException: (_, headers) => headers[EXCEPTION_HEADER] !== undefined,
  });

  return {
    ...platform,
    wire(changed) {
      const isMoved = JSON.stringify(linkEnvironment(changed)) !== JSON.stringify(linkEnvironment(edges));
      edges = changed;
      // Variables are read when a process starts.
      if (isMoved) for (const pool of deployed.pools) pool.renew();
    },
    configure(changed: NextConfig) {
      const isNewProgram = JSON.stringify(programOf(changed)) !== JSON.stringify(programOf(config));
      config = changed;
      if (!isNewProgram) {
        for (const pool of deployed.pools) pool.configure(limits());
        return;
      }
      const before = deployed;
      revision += 1;
      deployed = deploy();
      for (const pool of before.pools) {
        leaving.add(pool);
        pool.renew();
      }
      void Promise.all(before.pools.map((pool) => pool.empty())).then(() => {
        for (const pool of before.pools) leaving.delete(pool);
        if (before.isOurs) rmSync(before.directory, { recursive: true, force: true });
      });
    },
    measure() {
      const measured = platform.measure();
      return { ...measured, gauges: { ...measured.gauges, runsNext: deployed.runsNext ? 1 : 0 } };
    },
  };
});

/** What an environment is started with; the rest of the config concerns the platform alone. */
const programOf = ({ routeHandlers, project, server, memoryMb, environment }: NextConfig) => ({
  ...{ routeHandlers, project, server, memoryMb, environment },
});
