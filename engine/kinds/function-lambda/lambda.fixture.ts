import { request } from 'node:http';
import type { Engine } from '../../api/engine.ts';
import { documentOf, node } from '../../api/fixtures.ts';
import { descendantsOf } from '../../runtime/guardian/process-table.ts';

/** Drives one function of a running engine, as its callers and the operating system see it. */
export interface FunctionDriver {
  start(
    config: Record<string, unknown>,
    rest?: { nodes?: unknown[]; edges?: unknown[]; directory?: string },
  ): Promise<void>;
  ask(path?: string, options?: Asking): Promise<Answered>;
  /** What of an answer comes by itself, piece by piece. */
  pieces(path: string): Promise<string[]>;
  /** Pids of its environments, from the operating system. */
  environments(): number[];
  measure(id: string): number | null;
  /** Waits for a line of the log that holds this. */
  logged(text: string, nodeId?: string): Promise<string>;
  platformPid(): number;
  port(): number;
}

interface Asking {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export function driverOf(engine: () => Engine, kind = 'function-lambda'): FunctionDriver {
  const status = () => engine().frame().nodes.fn;
  const port = (): number => status()?.replicas[0]?.port as number;
  const platformPid = (): number => status()?.replicas[0]?.pid as number;
  return {
    async start(config, { nodes = [], edges = [], directory } = {}) {
      const document = documentOf({ nodes: [node('fn', kind, config), ...nodes], edges });
      await engine().trustDocument({ path: null, document });
      await engine().startTopology(document, directory === undefined ? undefined : { directory });
    },
    ask: (path = '/', { method = 'GET', headers = {}, body = '' } = {}) =>
      new Promise((resolve, reject) => {
        const outgoing = request(
          { host: '127.0.0.1', port: port(), path, method, headers, agent: false },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk: string) => {
              text += chunk;
            });
            response.on('end', () =>
              resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
            );
          },
        );
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    async pieces(path) {
      const { body } = await fetch(`http://127.0.0.1:${port()}${path}`);
      const told: string[] = [];
      for await (const piece of body ?? []) told.push(Buffer.from(piece).toString());
      return told;
    },
    environments: () =>
      descendantsOf([platformPid()])
        .filter(({ zombie }) => !zombie)
        .map(({ pid }) => pid),
    measure: (id) => status()?.measures[id] ?? null,
    async logged(text, nodeId = 'fn') {
      for await (const lines of engine().logs({ node: nodeId }, AbortSignal.timeout(5000)))
        for (const line of lines) if (line.text.includes(text)) return line.text;
      throw new Error(`no line of "${nodeId}" holds ${text}`);
    },
    platformPid,
    port,
  };
}
