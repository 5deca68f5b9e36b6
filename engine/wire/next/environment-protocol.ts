/** What an answer carries that tells of an exception: its body is the stack. */
export const EXCEPTION_HEADER = 'x-function-exception';

/** Variables that tell an environment what to run. */
export const ROUTE_FILE = 'ARCHIPEL_ROUTE_FILE';
export const ROUTE_PATTERN = 'ARCHIPEL_ROUTE_PATTERN';

export type EnvironmentMessage =
  | { type: 'ready'; port: number }
  | { type: 'failed'; message: string }
  /** After each answer, and every so often: for systems that do not tell by themselves. */
  | { type: 'usage'; cpuUs: number; residentBytes: number };
