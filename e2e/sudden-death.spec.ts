import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { firstLine, startRun } from './contract.ts';
import { launchDesktop, root } from './launch.ts';
import { createTraces, type Traces } from './leftovers.ts';
import { cpuTicksOf } from './processes.ts';
import { tenNodes } from './ten-nodes.ts';

/*
 * Whoever owns the processes is killed without warning, in mid-run, with ten nodes, a process that spins for ever
 * and a PostgreSQL among them. Nothing of ours may be left.
 */

const ROUNDS = 20;
const WITHIN_MS = 3000;
/** Kernel clock ticks; a service that waits for requests never gets there. */
const SPINNING_TICKS = 40;

test.skip(process.platform !== 'linux', 'looks for what is left in /proc');

async function untilInFullSwing(traces: Traces): Promise<void> {
  await expect
    .poll(
      () => {
        const commands = [...traces.processes()];
        const programs = commands.filter(([, command]) =>
          /dist\/engine\/(client|gateway|server|service)\.cjs/.test(command),
        );
        return {
          programs: programs.length,
          databases: commands.filter(([, command]) => /postgres.*listen_addresses/.test(command)).length,
          spinning: programs.some(
            ([pid, command]) => command.includes('service.cjs') && cpuTicksOf(pid) > SPINNING_TICKS,
          ),
        };
      },
      { timeout: 30_000, intervals: [50] },
    )
    .toEqual({ programs: 9, databases: 1, spinning: true });
}

/** One round: start, wait until everything runs, SIGKILL, look. */
async function round(
  start: (traces: Traces, file: string) => Promise<{ victim: number; cleanUp?(): Promise<void> }>,
): Promise<void> {
  const traces = createTraces();
  try {
    const file = join(traces.env.TMPDIR as string, 'ten.archipel.json');
    writeFileSync(file, JSON.stringify(tenNodes));
    const { victim, cleanUp } = await start(traces, file);
    try {
      await untilInFullSwing(traces);
      const { processes, ports } = traces.note();
      expect(processes).toBeGreaterThanOrEqual(13);
      expect(ports).toBeGreaterThanOrEqual(10);
      process.kill(victim, 'SIGKILL');
      await traces.expectNothingLeft(WITHIN_MS);
    } finally {
      await cleanUp?.();
    }
  } finally {
    traces.remove();
  }
}

const node = (args: string[], traces: Traces, stdio: 'ignore' | 'pipe' = 'ignore'): ChildProcess =>
  spawn(process.execPath, args, { env: { ...process.env, ...traces.env }, stdio: ['pipe', stdio, 'inherit'] });

test(`SIGKILL of the command line in mid-run leaves nothing, ${ROUNDS} times`, async () => {
  test.setTimeout(ROUNDS * 30_000);
  for (let i = 0; i < ROUNDS; i += 1)
    await round(async (traces, file) => {
      const cli = node([join(root, 'dist/engine/cli.mjs'), 'run', file, '--duration', '60s'], traces);
      return { victim: cli.pid as number };
    });
});

test(`SIGKILL of the engine in mid-run leaves nothing, ${ROUNDS} times`, async () => {
  test.setTimeout(ROUNDS * 30_000);
  for (let i = 0; i < ROUNDS; i += 1)
    await round(async (traces) => {
      const host = node([join(root, 'dist/engine/host.mjs')], traces, 'pipe');
      await startRun(await firstLine(host));
      return { victim: host.pid as number };
    });
});

test(`SIGKILL of the desktop app in mid-run leaves nothing, ${ROUNDS} times`, async () => {
  test.setTimeout(ROUNDS * 60_000);
  for (let i = 0; i < ROUNDS; i += 1)
    await round(async (traces, file) => {
      const desktop = await launchDesktop({ file, env: traces.env });
      await desktop.window.getByRole('button', { name: 'Run', exact: true }).click();
      return { victim: desktop.pid, cleanUp: () => desktop.close().catch(() => {}) };
    });
});
