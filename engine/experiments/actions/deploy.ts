import type { DeployStatus } from '../../api/types.ts';
import { mark } from '../marks.ts';
import { type Action, attemptChange, closeChange, newChange } from './define-action.ts';

const POLL_MS = 100;

/** Deploys a version. Its effect begins with its first process, or it has none: then it did not even start. */
export const deploy: Action<'deploy'> = (course, { node, version, strategy, durationMs }, result) => {
  const { world, journal, wait } = course;
  const run = newChange(course, 'deploy', result);
  let told = '';
  const look = (): DeployStatus => {
    const status = world.deployOf(node);
    if (!status) throw new Error(`the deploy of ${node} is not known any more`);
    const line = `${status.state}: ${status.phase}`;
    if (line !== told) journal.write(`${node} ${version} ${line}`);
    told = line;
    return status;
  };
  const isBack = (status: DeployStatus): boolean =>
    status.state === 'rolled-back' || (status.leadTimeMs === null && status.endedAtMs !== null);

  return attemptChange(course, run, async () => {
    journal.write(`deploying ${node} ${version}`);
    await world.deploy({ node, version, strategy });
    let fromMs = world.now();
    const back = course.takeBack.add(`roll ${node} back`, async () => {
      await closeChange(course, run, fromMs);
      const status = look();
      if (status.state === 'failed' && run.problem) return;
      if (status.state === 'failed') throw new Error(status.error ?? status.phase);
      if (!isBack(status)) await world.rollBack(node);
      else if (status.state !== 'rolled-back') return;
      const { rollback } = look();
      journal.write(
        `${node} ${version} is rolled back (${rollback?.reason ?? 'of itself'}) in ${Math.round(rollback?.durationMs ?? 0)} ms`,
      );
    });
    let status = look();
    for (; status.rolloutAtMs === null && status.endedAtMs === null; status = look()) await wait(POLL_MS);
    if (status.rolloutAtMs === null) {
      run.removalBeganAtMs = world.now();
      throw new Error(status.error ?? status.phase);
    }
    fromMs = status.rolloutAtMs;
    result.begunAtMs = fromMs;
    mark(course);
    const untilMs = fromMs + durationMs;
    for (; world.now() < untilMs; status = look()) await wait(Math.min(POLL_MS, untilMs - world.now()));
    await back();
  });
};
