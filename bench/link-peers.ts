// Run as a program: `node bench/link-peers.ts echo` or `node bench/link-peers.ts pipe HOST PORT`. Prints its port.
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

process.on('disconnect', () => process.exit(0));

const [role, host = '', port = ''] = process.argv.slice(2);

/** Answers each message with one of about the size of a small HTTP response. */
const answer = Buffer.alloc(200, 'a');
const echo = (socket: Socket): void => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write(answer));
};

/** What a TCP proxy costs in Node at least, written as everyone would. */
const pipe = (socket: Socket): void => {
  const upstream = connect({ host, port: Number(port), noDelay: true });
  socket.pipe(upstream).pipe(socket);
  socket.on('error', () => upstream.destroy());
  upstream.on('error', () => socket.destroy());
};

const server = createServer({ noDelay: true }, role === 'pipe' ? pipe : echo);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
