import { burnCpuMs, sampleMs } from '../work.ts';
import type { StepRunner } from './step.ts';

export const runCpu: StepRunner<'cpu'> = ({ duration }, { random }) => burnCpuMs(sampleMs(duration, random));
