// Run as a program: `node bench/chain-peers.ts gateway PORT` or `node bench/chain-peers.ts service LOGIN`. Tells its port.
import { Agent, createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';

process.on('disconnect', () => process.exit(0));

const [role, target = ''] = process.argv.slice(2);
const CONNECTIONS = 32;

function gateway(port: number): RequestListener {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return (incoming, response) => {
    const { method, url: path, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.writeHead(502).end());
    incoming.pipe(outgoing);
  };
}

function service(login: object): RequestListener {
  const pool = new Pool({ ...login, max: CONNECTIONS });
  return (incoming, response) => {
    const id = incoming.url?.split('/')[2];
    pool.query({ name: 'item', text: 'select name from items where id = $1', values: [id] }).then(
      ({ rows }) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(rows[0]));
      },
      () => response.writeHead(500).end(),
    );
  };
}

const server = createServer(role === 'gateway' ? gateway(Number(target)) : service(JSON.parse(target)));
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
