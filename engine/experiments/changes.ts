import type { DeployStatus } from '../api/types.ts';
import type { MethodStep } from '../model/experiment.ts';
import type { Course } from './course.ts';
import type { ChangeRun } from './phases.ts';

type Change = Extract<MethodStep, { type: 'scale' | 'deploy' | 'observe' }>;

const POLL_MS = 100;

/** Makes a change, and takes it back after its time. False when it had no effect: there is nothing to learn from going on. */
export async function runChange(course: Course, step: Change): Promise<boolean> {
  const { timeline, journal, world } = course;
  const number = timeline.changes.filter(({ id }) => id.startsWith(`${step.type}-`)).length + 1;
  const run: ChangeRun = { id: `${step.type}-${number}`, window: null, removalBeganAtMs: null, problem: null };
  timeline.changes.push(run);
  try {
    if (step.type === 'scale') await scale(course, step, run);
    else if (step.type === 'deploy') await deploy(course, step, run);
    else await observe(course, step, run);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    run.problem = `The change ${run.id} failed: ${why.replace(/\.$/, '')}.`;
    journal.write(run.problem);
    // What ends the experiment is not a problem of the change.
    await course.wait(0);
  }
  run.removalBeganAtMs ??= world.now();
  return run.problem === null;
}

async function observe({ world, journal, wait }: Course, { title, durationMs }: Step<'observe'>, run: ChangeRun) {
  journal.write(`observing: ${title}`);
  const fromMs = world.now();
  await wait(durationMs);
  run.removalBeganAtMs = world.now();
  run.window = { fromMs, toMs: run.removalBeganAtMs };
}

async function scale({ world, journal, wait }: Course, { node, replicas, durationMs }: Step<'scale'>, run: ChangeRun) {
  journal.write(`scaling ${node} to ${replicas}`);
  const before = await world.scale({ node, replicas });
  const fromMs = world.now();
  journal.write(`${node} has ${replicas} replicas that take requests, ${before} before`);
  await wait(durationMs ?? 0);
  run.removalBeganAtMs = world.now();
  run.window = { fromMs, toMs: run.removalBeganAtMs };
  journal.write(`scaling ${node} back to ${before}`);
  await world.scale({ node, replicas: before });
  journal.write(`${node} has ${before} replicas again`);
}

/** Its effect begins with its first process, or it has none: then it did not even start. */
async function deploy(
  { world, journal, wait }: Course,
  { node, version, strategy, durationMs }: Step<'deploy'>,
  run: ChangeRun,
) {
  journal.write(`deploying ${node} ${version}`);
  await world.deploy({ node, version, strategy });
  let told = '';
  const look = (): DeployStatus => {
    const status = world.deployOf(node);
    if (!status) throw new Error(`the deploy of ${node} is not known any more`);
    const line = `${status.state}: ${status.phase}`;
    if (line !== told) journal.write(`${node} ${version} ${line}`);
    told = line;
    return status;
  };
  let status = look();
  for (; status.rolloutAtMs === null && status.endedAtMs === null; status = look()) await wait(POLL_MS);
  const fromMs = status.rolloutAtMs;
  if (fromMs === null) throw new Error(status.error ?? status.phase);
  const untilMs = fromMs + durationMs;
  for (; world.now() < untilMs; status = look()) await wait(Math.min(POLL_MS, untilMs - world.now()));
  run.removalBeganAtMs = world.now();
  run.window = { fromMs, toMs: run.removalBeganAtMs };
  if (status.state === 'failed') throw new Error(status.error ?? status.phase);
  if (status.state !== 'rolled-back' && status.leadTimeMs === null && status.endedAtMs !== null) return;
  if (status.state !== 'rolled-back') await world.rollBack(node);
  const { rollback } = look();
  journal.write(
    `${node} ${version} is rolled back (${rollback?.reason ?? 'of itself'}) in ${Math.round(rollback?.durationMs ?? 0)} ms`,
  );
}

type Step<Type extends Change['type']> = Extract<Change, { type: Type }>;
