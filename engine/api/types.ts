/*
 * What the engine tells its front doors, one idea a file. Plain JSON; the calls themselves are in `router.ts`.
 */

export type { LogLine } from '../model/log-line.ts';
export type * from './types/costs.ts';
export type * from './types/experiments.ts';
export type * from './types/faults.ts';
export type * from './types/frame.ts';
export type * from './types/jobs.ts';
export type * from './types/messages.ts';
export type * from './types/runs.ts';
export type * from './types/scaling.ts';
export type * from './types/sweeps.ts';
export type * from './types/topology.ts';
export type * from './types/traces.ts';
export type * from './types/traffic.ts';
