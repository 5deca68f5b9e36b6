import { resolve } from 'node:path';
import type { Command } from 'commander';
import { announceEngine } from '../../documents/running-engines.ts';
import { ArchipelError } from '../../model/error.ts';
import { parsePort } from '../arguments.ts';
import { openBrowser } from '../browser.ts';
import { interfaceDirectory } from '../installation.ts';
import { checkOpens } from '../load-document.ts';
import { type Session, withEngine } from '../session.ts';
import { createTerminal } from '../terminal.ts';

interface WebOptions {
  port: number;
  open: boolean;
  metrics: boolean;
}

export function addWeb(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  program
    .command('web')
    .description('serve the interface to a browser on this machine, until it is interrupted')
    .argument('[file]', 'document or *.comparison.json to open')
    .option('--port <number>', 'port on 127.0.0.1 (default: a free one)', parsePort, 0)
    .option('--no-open', 'only print the URL')
    .option('--metrics', 'also print how Prometheus is told to scrape the metrics', false)
    .action((file: string | undefined, options: WebOptions) => act(() => web(file, options)));
}

async function web(file: string | undefined, { port, open, metrics }: WebOptions): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const initialPath = file === undefined ? null : resolve(file);
  if (initialPath) await checkOpens(initialPath);
  const staticDirectory = interfaceDirectory();
  if (!staticDirectory)
    throw new ArchipelError('wrong-state', 'the interface is not built', 'Run "npm run build" first.');

  const serve = async ({ engine, interruption }: Session): Promise<number> => {
    const { startServer } = await import('../../api/server.ts');
    const server = await startServer({
      engine,
      port,
      staticDirectory,
      initialPath,
      // A scraper's configuration outlives one start.
      token: process.env.ARCHIPEL_TOKEN || undefined,
    }).catch((error: NodeJS.ErrnoException) => {
      throw whyNoServer(port, error);
    });
    await announceEngine({ door: 'web', file: initialPath, url: server.url, token: server.token }).catch(() => {});
    try {
      const url = `${server.httpUrl}/#token=${server.token}`;
      terminal.line(`Archipel is at ${url}`);
      terminal.line('Whoever has this URL can use it. Interrupt (Ctrl-C) to stop.');
      if (metrics) for (const line of scrapeConfig(server)) terminal.line(line);
      const problem = open ? await openBrowser(url) : null;
      if (problem) terminal.line(`No browser was opened: ${problem}. Open the URL yourself.`);
      await new Promise<void>((done) => {
        if (interruption.signal.aborted) done();
        interruption.signal.addEventListener('abort', () => done(), { once: true });
      });
      return interruption.exitCode();
    } finally {
      await server.close();
    }
  };
  // It is reached where it serves the browser.
  return withEngine(terminal, initialPath, serve, { announced: false, door: 'window' });
}

/** For `prometheus.yml`. */
const scrapeConfig = ({ httpUrl, token }: { httpUrl: string; token: string }): string[] => [
  `Metrics are at ${httpUrl}/metrics. For Prometheus:`,
  'scrape_configs:',
  '  - job_name: archipel',
  '    scrape_interval: 1s',
  `    authorization: { credentials: '${token}' }`,
  `    static_configs: [{ targets: ['${new URL(httpUrl).host}'] }]`,
];

function whyNoServer(port: number, error: NodeJS.ErrnoException): ArchipelError {
  if (error.code === 'EADDRINUSE')
    return new ArchipelError(
      'port-unavailable',
      `port ${port} is in use`,
      'Choose another with --port, or leave it out.',
      { cause: error },
    );
  if (error.code === 'EACCES')
    return new ArchipelError(
      'port-unavailable',
      `this user may not use port ${port}`,
      'Choose one above 1023, or leave --port out.',
      { cause: error },
    );
  return new ArchipelError(
    'internal',
    `the interface cannot be served: ${error.message}`,
    'Try another port with --port.',
    { cause: error },
  );
}
