import type { StartAct } from './act.ts';
import { actHandlerError } from './handler-error/act.ts';

/** Every fault that acts inside a process of ours; a file of its own, which a process reads when the first fault comes. */
export const acts: Readonly<Record<string, StartAct<never>>> = {
  'handler-error': actHandlerError,
};
