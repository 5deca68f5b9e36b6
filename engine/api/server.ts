import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import sirv from 'sirv';
import { WebSocketServer } from 'ws';
import { CONTENT_TYPE as METRICS_TYPE } from '../traces/exposition.ts';
import type { Engine } from './engine.ts';
import { router } from './router.ts';

export interface ServerOptions {
  engine: Engine;
  /** 0 takes a free one. */
  port: number;
  /** The built interface, for the browser; null serves the contract alone. */
  staticDirectory: string | null;
  /** File that the front door was started with. */
  initialPath: string | null;
  token?: string;
  /** Origins of pages that are not served here, such as the desktop window's. */
  allowedOrigins?: string[];
}

export interface Server {
  /** Where the contract is, e.g. `ws://127.0.0.1:4321/api`; the token is asked for as `?token=`. */
  url: string;
  httpUrl: string;
  token: string;
  close(): Promise<void>;
}

const API_PATH = '/api';
const METRICS_PATH = '/metrics';
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const KEEP_ALIVE = { enabled: true, pingMs: 10_000, pongWaitMs: 10_000 };

/** React Flow and Mantine set styles from script, hence `unsafe-inline` for styles alone. */
const contentSecurityPolicy = (connect: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Serves the contract on a loopback WebSocket, and the interface to a browser. Only who knows the token gets in. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const token = options.token ?? randomBytes(24).toString('base64url');
  const files = options.staticDirectory
    ? sirv(options.staticDirectory, { dev: false, etag: true, single: false })
    : null;

  const http = createServer((request, response) => {
    if (!hosts().includes(request.headers.host ?? '')) {
      // A page elsewhere whose name was bound to this address.
      response.writeHead(403).end('Forbidden: this server answers only as 127.0.0.1 or localhost.\n');
      return;
    }
    response.setHeader(
      'content-security-policy',
      contentSecurityPolicy(`'self' ws://127.0.0.1:${port()} ws://localhost:${port()}`),
    );
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    const [path, query] = (request.url ?? '/').split('?', 2);
    if (path === METRICS_PATH) {
      if (sameSecret(bearerOf(request) ?? new URLSearchParams(query).get('token') ?? '', token))
        response.writeHead(200, { 'content-type': METRICS_TYPE }).end(options.engine.metrics());
      else
        response
          .writeHead(401, { 'www-authenticate': 'Bearer', 'content-type': 'text/plain' })
          .end('Give the token of this start, as a bearer token or as ?token=.\n');
      return;
    }
    const missing = (): void => void response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    if (files) files(request, response, missing);
    else missing();
  });
  const port = (): number => (http.address() as AddressInfo).port;
  const hosts = (): string[] => [`127.0.0.1:${port()}`, `localhost:${port()}`];

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const handler = applyWSSHandler({
    wss: sockets,
    router,
    createContext: () => ({ engine: options.engine, initialPath: options.initialPath }),
    keepAlive: KEEP_ALIVE,
  });

  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const { origin } = request.headers;
    const origins = [...hosts().map((host) => `http://${host}`), ...(options.allowedOrigins ?? [])];
    if (url.pathname !== API_PATH) return refuse(socket, '404 Not Found');
    // Every browser sends its origin; programs that are no browser send none and need the token all the same.
    if (origin !== undefined && !origins.includes(origin)) return refuse(socket, '403 Forbidden');
    if (!hosts().includes(request.headers.host ?? '')) return refuse(socket, '403 Forbidden');
    if (!sameSecret(url.searchParams.get('token') ?? '', token)) return refuse(socket, '401 Unauthorized');
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  });

  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, '127.0.0.1', resolve);
  });

  return {
    url: `ws://127.0.0.1:${port()}${API_PATH}`,
    httpUrl: `http://127.0.0.1:${port()}`,
    token,
    async close() {
      handler.broadcastReconnectNotification();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

const bearerOf = ({ headers }: IncomingMessage): string | undefined =>
  /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function sameSecret(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
