import { get } from 'node:http';
import type { Engine } from '../../api/engine.ts';
import { documentOf, edge, node, route, waitStep } from '../../api/fixtures.ts';
import { FAILURE_HOP_HEADER, FAILURE_REASON_HEADER } from '../../metrics/failure-reason.ts';
import type { ArchipelDocument } from '../../model/document.ts';
import { connectResp } from '../../wire/resp/client.ts';
import type { Reply } from '../../wire/resp/reply.ts';

/** Nothing that a test measures may depend on how fast the machine is. */
const patient = { timeoutMs: 30_000 };

/** A shop that reads products through a cache, and loads them from a source behind it. */
export function shopWithCache(options: {
  step?: Record<string, unknown>;
  cache?: Record<string, unknown>;
  cacheEdge?: Record<string, unknown>;
  sourceMs?: number;
}): ArchipelDocument {
  const { step = {}, cache = {}, cacheEdge = {}, sourceMs = 0 } = options;
  const load = { do: 'call', edge: 'shop-source', path: '/products/{id}' };
  const cacheStep = { do: 'cache', edge: 'shop-cache', key: 'product:{id}', steps: [load], ...step };
  return documentOf({
    nodes: [
      node('shop', 'service', { routes: [route('/products/:id', cacheStep)] }),
      node('cache', 'cache', cache),
      node('source', 'service', { routes: [route('/products/:id', waitStep(sourceMs))] }),
    ],
    edges: [edge('shop', 'cache', cacheEdge), edge('shop', 'source', patient), edge('cache', 'source', patient)],
  });
}

export const portOf = (engine: Engine, nodeId: string, replica = 0): number =>
  engine.frame().nodes[nodeId]?.replicas[replica]?.port as number;

export interface Answer {
  status: number;
  reason: unknown;
  hop: unknown;
}

export const askShop = (engine: Engine, id: string | number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = get(
      { host: '127.0.0.1', port: portOf(engine, 'shop'), path: `/products/${id}`, agent: false },
      (response) => {
        const { [FAILURE_REASON_HEADER]: reason, [FAILURE_HOP_HEADER]: hop } = response.headers;
        response.on('end', () => resolve({ status: response.statusCode ?? 0, reason, hop }));
        response.resume();
      },
    );
    request.on('error', reject);
  });

/** What a client of its own gets from a server. */
export async function askRedis(port: number, ...commands: string[][]): Promise<Reply[]> {
  const client = await connectResp({ port });
  try {
    return await client.send(...commands);
  } finally {
    client.destroy();
  }
}
