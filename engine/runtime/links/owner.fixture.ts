// An owner of a link process, as a program of its own: prints where the link is, puts 10 s of latency on for 500 ms,
// and says nothing more, as one that hangs.
import { echo, startTcpServer, startTestLinks } from './links.fixture.ts';

const links = await startTestLinks();
const upstream = await startTcpServer(echo);
const port = await links.openLane('edge', 0);
await links.setUpstream('edge', 0, upstream);
await links.setFault('edge', {
  id: 'latency-1',
  fault: 'latency',
  parameters: { latencyMs: 10_000, jitterMs: 0, direction: 'upstream' },
  seed: 1,
  expiresAtMs: Date.now() + 500,
});
console.log(JSON.stringify({ pid: links.pid, port }));
