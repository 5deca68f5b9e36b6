import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Writes the same bytes again whenever anything has come, on each connection; it neither parses, paces, measures nor records. */
const program = `
const { connect } = require('node:net');
const { port, connections, warmUpMs, durationMs } = JSON.parse(process.argv[1]);
const request = Buffer.from('GET / HTTP/1.1\\r\\nHost: shop\\r\\nAccept: */*\\r\\n\\r\\n');
let reads = 0;
for (let index = 0; index < connections; index += 1) {
  const buffer = Buffer.allocUnsafeSlow(16384);
  const callback = () => {
    reads += 1;
    socket.write(request);
    return true;
  };
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer, callback } }, () => socket.write(request));
}
setTimeout(() => {
  const [before, readsBefore] = [process.cpuUsage(), reads];
  setTimeout(() => {
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(String((user + system) / (reads - readsBefore)), () => process.exit(0));
  }, durationMs);
}, warmUpMs);
`;

/** Processor time for each answer, in µs, of the least that a client on Node's own sockets can do. */
export async function runBareSockets(options: {
  port: number;
  connections: number;
  warmUpMs: number;
  durationMs: number;
}): Promise<number> {
  const child = spawn(process.env.ARCHIPEL_NODE ?? process.execPath, ['-e', program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const usPerRequest = Number(await text(child.stdout));
  if (!(usPerRequest > 0)) throw new Error('the bare sockets measured nothing');
  return usPerRequest;
}
