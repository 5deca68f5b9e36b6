import type { z } from 'zod';
import type { Version } from '../../model/deploy.ts';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, LiveVersion, ProcessTarget } from '../inject.ts';
import { inMb, usageOf } from '../process-usage.ts';
import { untilAborted } from '../until-aborted.ts';
import type { badDeployDefinition } from './definition.ts';

type Parameters = z.output<(typeof badDeployDefinition)['parameters']>;

const ANSWER_MS = 2000;
/** So long is waited for requests that show how the version behaves. */
const LOOK_MS = 1500;
const LOOK_EVERY_MS = 100;

export const injectBadDeploy: Injector<ProcessTarget, Parameters> = async (target, parameters, { signal }) => {
  if (!target.goLive)
    throw new ArchipelError(
      'fault-impossible',
      `"${target.nodeId}" has no versions that could be deployed.`,
      'Choose a service or a server.',
    );
  const version = badVersion(parameters);
  const live = await target.goLive(version);

  const picture = (): { all: ReturnType<LiveVersion['serving']>; bad: number } => {
    const all = live.serving();
    return { all, bad: all.filter(({ version: name }) => name === version.name).length };
  };

  return {
    async proveEffect() {
      const failed = (): number => live.serving().reduce((sum, { errors }) => sum + errors, 0);
      const deadlineMs = performance.now() + LOOK_MS;
      while (parameters.behaviour === 'errors' && failed() === 0 && performance.now() < deadlineMs)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const { all, bad } = picture();
      const requests = all.reduce((sum, process) => sum + process.requests, 0);
      const rssMb = await Promise.all(all.map(async ({ pid }) => (await usageOf({ ...target, pid: () => pid })).rssMb));
      return {
        holds: all.length > 0 && bad === all.length,
        evidence: `${bad} of ${all.length} processes that serve are of version ${version.name}, before of ${live.from}; they have failed ${failed()} of ${requests} requests and hold ${inMb(rssMb.reduce((sum, mb) => sum + mb, 0))}`,
      };
    },
    async proveRemoval() {
      const { all, bad } = picture();
      const answers = await live.healthy(ANSWER_MS);
      const names = [...new Set(all.map(({ version: name }) => name))].join(', ');
      return {
        holds: all.length > 0 && bad === 0 && answers,
        evidence: `${bad} of ${all.length} processes that serve are of version ${version.name}, now of ${names}; ${answers ? 'all answer their' : 'not all answer their'} health check`,
      };
    },
    undone: untilAborted(signal).then(() => live.takeBack()),
  };
};

function badVersion({ behaviour, errorRatio, slowFactor, leakMbPerSec, leakLimitMb }: Parameters): Version {
  switch (behaviour) {
    case 'errors':
      return { name: 'bad-errors', behaviour: { type: 'errors', ratio: errorRatio } };
    case 'slow':
      return { name: 'bad-slow', behaviour: { type: 'slow', factor: slowFactor } };
    case 'leak':
      return { name: 'bad-leak', behaviour: { type: 'leak', mbPerSec: leakMbPerSec, limitMb: leakLimitMb } };
  }
}
