import { format } from 'node:util';

let requestId = 'undefined';

/** Whose invocation writes from now on. */
export const writeFor = (id: string): void => {
  requestId = id;
};

/** One line of a log in Lambda's text format; line breaks within it become carriage returns, as there. */
export const writeLine = (level: string, ...parts: unknown[]): void => {
  const text = format(...parts).replace(/\n/g, '\r');
  process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${text}\n`);
};

/** From now on `console` writes such lines. */
export function patchConsole(): void {
  for (const [method, level] of Object.entries({
    log: 'INFO',
    debug: 'DEBUG',
    info: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
    trace: 'TRACE',
  }))
    console[method as 'log'] = (...parts: unknown[]) => writeLine(level, ...parts);
}
