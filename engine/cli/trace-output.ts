import { basename, dirname, extname, join } from 'node:path';
import type { RecordedTraffic } from '../api/engine.ts';
import { count, plural } from './figures.ts';
import { openTextFile } from './json-output.ts';
import type { Terminal } from './terminal.ts';

/** Where `--save-trace` writes what was sent, so that it can be replayed: one file for each client that sent something. */
export interface TraceOutput {
  write(recorded: RecordedTraffic): Promise<void>;
}

/** Null where nobody asks for a trace. With several clients, `trace.ndjson` becomes `trace.<client>.ndjson`. */
export async function openTraceOutput(
  destination: string | undefined,
  clients: readonly string[],
  terminal: Terminal,
): Promise<TraceOutput | null> {
  if (destination === undefined) return null;
  const extension = extname(destination);
  const nameFor = (client: string): string =>
    clients.length > 1
      ? join(dirname(destination), `${basename(destination, extension)}.${client}${extension}`)
      : destination;
  const files = new Map(
    await Promise.all(
      clients.map(async (client) => [client, await openTextFile(nameFor(client), '--save-trace')] as const),
    ),
  );
  return {
    async write({ traces, leftOut }) {
      for (const { client, arrivals, text } of traces) {
        const output = files.get(client);
        await output?.write(text);
        terminal.line(`  ${plural(arrivals, 'arrival')} of ${client} kept in ${output?.file ?? ''}`);
      }
      if (leftOut > 0) terminal.line(`  the last ${count(leftOut)} arrivals were too many to keep`);
    },
  };
}
