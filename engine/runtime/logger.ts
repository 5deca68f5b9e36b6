import { type Logger, pino } from 'pino';

/**
 * The engine's own log, as JSON lines on standard error; standard output belongs to results.
 * `ARCHIPEL_LOG_LEVEL` is one of pino's levels (trace, debug, info, warn, error, fatal, silent). Without it the engine is
 * silent, since whoever called hears of every failure in the answer.
 */
export function createLogger(runId: string): Logger {
  const level = process.env.ARCHIPEL_LOG_LEVEL ?? 'silent';
  const known = level === 'silent' || level in pino.levels.values;
  return pino(
    { level: known ? level : 'info', base: { pid: process.pid, runId } },
    pino.destination({ dest: 2, sync: true }),
  );
}
