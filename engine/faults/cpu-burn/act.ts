import { Worker } from 'node:worker_threads';
import type { z } from 'zod';
import type { Act, StartAct } from '../act.ts';
import type { cpuBurnDefinition } from './definition.ts';

export type CpuBurnParameters = z.output<(typeof cpuBurnDefinition)['parameters']>;

/** Cells of the memory that the thread shares. */
const CELLS = { loadPermille: 0, burnedMs: 1, asleep: 2 } as const;
const THREAD_PERIOD_MS = 50;
const SLICE_MS = 20;

export const actCpuBurn: StartAct<CpuBurnParameters> = ({ parameters }) =>
  parameters.where === 'thread' ? burnInThread(parameters) : burnOnEventLoop(parameters);

/** Runs in the thread; it is handed over as text, so it may use nothing from outside. */
function burn({ cells, cell, periodMs }: { cells: Int32Array; cell: typeof CELLS; periodMs: number }): never {
  for (;;) {
    const busyMs = (Atomics.load(cells, cell.loadPermille) * periodMs) / 1000;
    const fromMs = performance.now();
    while (performance.now() - fromMs < busyMs);
    Atomics.add(cells, cell.burnedMs, Math.round(performance.now() - fromMs));
    if (busyMs < periodMs) Atomics.wait(cells, cell.asleep, 0, periodMs - busyMs);
  }
}

function burnInThread({ loadPercent }: CpuBurnParameters): Act<CpuBurnParameters> {
  const cells = new Int32Array(new SharedArrayBuffer(4 * Object.keys(CELLS).length));
  cells[CELLS.loadPermille] = Math.round(loadPercent * 10);
  const thread = new Worker(`(${burn.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: { cells, cell: CELLS, periodMs: THREAD_PERIOD_MS },
    execArgv: [],
  });
  // Nothing of it may keep the process from ending.
  thread.unref();
  thread.on('error', () => {});
  return {
    update: (changed) => void Atomics.store(cells, CELLS.loadPermille, Math.round(changed.loadPercent * 10)),
    measured: () => ({ burnedMs: Atomics.load(cells, CELLS.burnedMs) }),
    stop: async () => void (await thread.terminate()),
  };
}

function burnOnEventLoop(parameters: CpuBurnParameters): Act<CpuBurnParameters> {
  let share = parameters.loadPercent / 100;
  let burnedMs = 0;
  let cancel: () => void = () => {};
  const slice = (): void => {
    const fromMs = performance.now();
    while (performance.now() - fromMs < SLICE_MS * share);
    burnedMs += performance.now() - fromMs;
    // Between two slices whatever waits has its turn, even at full load.
    if (share < 1) {
      const timer = setTimeout(slice, Math.max(1, SLICE_MS * (1 - share)));
      cancel = () => clearTimeout(timer);
    } else {
      const turn = setImmediate(slice);
      cancel = () => clearImmediate(turn);
    }
  };
  slice();
  return {
    update(changed) {
      share = changed.loadPercent / 100;
    },
    measured: () => ({ burnedMs }),
    stop: () => cancel(),
  };
}
