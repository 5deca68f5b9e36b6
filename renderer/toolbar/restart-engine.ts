import { desktop } from '../engine-client/desktop.ts';

/** Ends the engine, with all that it runs, and starts another; the window goes on with that one. Only on the desktop. */
export const restartEngine = (): void => desktop?.restartEngine();
