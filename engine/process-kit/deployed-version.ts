import type { Version } from '../model/deploy.ts';
import { CallFailure } from './call-failure.ts';

/** How the requests of a process fare under the version that is deployed in it. */
export interface DeployedVersion {
  /** Runs the work of one request: it may fail it, or take longer. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** `random` draws from 0 to 1, once for each request of a version that fails some. */
export function createDeployedVersion(
  version: Version | undefined,
  nodeId: string,
  random: () => number = Math.random,
): DeployedVersion {
  const behaviour = version?.behaviour;
  switch (behaviour?.type) {
    case 'errors':
      return {
        run: (work) =>
          random() < behaviour.ratio
            ? Promise.reject(
                new CallFailure('handler-error', nodeId, `version ${version?.name} is bad: it fails requests`),
              )
            : work(),
      };
    case 'slow':
      return {
        async run(work) {
          const startedMs = performance.now();
          try {
            return await work();
          } finally {
            const tookMs = performance.now() - startedMs;
            await new Promise((resolve) => setTimeout(resolve, tookMs * (behaviour.factor - 1)));
          }
        },
      };
    default:
      return { run: (work) => work() };
  }
}

const LEAK_INTERVAL_MS = 100;
const MB = 1024 * 1024;
/** What a container that is out of memory ends its process with: 128 + SIGKILL. */
const OUT_OF_MEMORY = 137;

/** Begins what a version does by itself: it may leak memory. Throws when it does not even start. */
export function beginVersion(version: Version | undefined): void {
  const behaviour = version?.behaviour;
  if (behaviour?.type === 'fails-to-start')
    throw new Error(`version ${version?.name} does not start: it is one that fails to`);
  if (behaviour?.type !== 'leak') return;
  const { mbPerSec, limitMb } = behaviour;
  const leaked: Buffer[] = [];
  let leakedMb = 0;
  const timer = setInterval(() => {
    const mb = (mbPerSec * LEAK_INTERVAL_MS) / 1000;
    // Written to, or the operating system would not really hand it out.
    leaked.push(Buffer.alloc(Math.max(1, Math.round(mb * MB)), 1));
    leakedMb += mb;
    if (leakedMb < limitMb) return;
    console.error(`out of memory: version ${version?.name} has leaked ${Math.round(leakedMb)} MB`);
    process.exit(OUT_OF_MEMORY);
  }, LEAK_INTERVAL_MS);
  timer.unref();
}
