import { waitMs } from '../waits.ts';
import { burnCpuMs, sampleMs } from '../work.ts';
import type { StepRunner } from './step.ts';

export const runMixed: StepRunner<'mixed'> = ({ duration, cpuShare }, { random }) => {
  const durationMs = sampleMs(duration, random);
  burnCpuMs(durationMs * cpuShare);
  return waitMs(durationMs * (1 - cpuShare));
};
