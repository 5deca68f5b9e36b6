import { waitMs } from '../waits.ts';
import { sampleMs } from '../work.ts';
import type { StepRunner } from './step.ts';

export const runWait: StepRunner<'wait'> = ({ duration }, { random }) => waitMs(sampleMs(duration, random));
