import { cpus } from 'node:os';
import { createTreeSampler } from '../runtime/tree-sampler.ts';
import type { ProcessTarget } from './inject.ts';

/** What the operating system says that the process has used; zeros where there is none. */
export async function usageOf(target: ProcessTarget): Promise<{ cpuUs: number; rssMb: number }> {
  const pid = target.pid();
  if (pid === null) return { cpuUs: 0, rssMb: 0 };
  const { cpuUs, rssBytes } = await createTreeSampler(pid).sample();
  return { cpuUs, rssMb: rssBytes / (1024 * 1024) };
}

/** In this time: share of one core that the process used, and share of all processors that anybody used. */
export async function processorShares(
  target: ProcessTarget,
  windowMs: number,
): Promise<{ share: number; machine: number }> {
  const fromMs = performance.now();
  const [before, machineBefore] = [await usageOf(target), machineTimes()];
  await new Promise((resolve) => setTimeout(resolve, windowMs));
  const [after, machineAfter] = [await usageOf(target), machineTimes()];
  const totalMs = machineAfter.totalMs - machineBefore.totalMs;
  return {
    share: (after.cpuUs - before.cpuUs) / 1000 / (performance.now() - fromMs),
    machine: totalMs > 0 ? 1 - (machineAfter.idleMs - machineBefore.idleMs) / totalMs : 0,
  };
}

function machineTimes(): { idleMs: number; totalMs: number } {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idleMs: times.reduce((sum, { idle }) => sum + idle, 0),
    totalMs: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}

export const inPercent = (share: number): string => `${Math.round(share * 100)} %`;
export const inMb = (mb: number): string => `${Math.round(mb)} MB`;
