import type { Server } from 'node:http';
import { HEALTH_PATH } from '../model/health-path.ts';

/** Opens a port on 127.0.0.1 that answers the engine's health check and nothing else. */
export async function openHealthPort(): Promise<{ port: number; server: Server }> {
  // Only here: the traffic itself does without it.
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    response.statusCode = request.url === HEALTH_PATH ? 200 : 404;
    response.end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the health port has no number');
  return { port: address.port, server };
}
