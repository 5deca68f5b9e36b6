import { sampleMs, waitMs } from '../work.ts';
import type { StepRunner } from './step.ts';

export const runWait: StepRunner<'wait'> = ({ duration }, { random }) => waitMs(sampleMs(duration, random));
