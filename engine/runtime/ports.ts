import { createServer, type Server } from 'node:net';
import { ArchipelError } from '../model/error.ts';

/*
 * Ports that stay ours while nothing listens on them, so that the link of a dead replica can come back on the same one.
 * They lie below the ephemeral ranges of Linux (32768–), macOS and Windows (49152–), where no outgoing connection takes
 * them, and are handed out from blocks: whoever listens on the first port of a block owns the block, so that several
 * engines on one machine never hand out the same port, and the operating system frees the block when its owner is gone.
 */
const FIRST_PORT = 20_000;
const BLOCK_SIZE = 64;
const BLOCKS = 187;

interface Block {
  firstPort: number;
  claim: Server;
  /** Offset of the next port to try; rotates, so that a port just freed is the last to be used again. */
  next: number;
  used: Set<number>;
}

const blocks: Block[] = [];
let queue: Promise<unknown> = Promise.resolve();

/** A port on 127.0.0.1 that nothing uses and that is not handed out again before `freePort`. */
export function allocatePort(): Promise<number> {
  const port = queue.then(async () => {
    for (const block of blocks) {
      const found = await portIn(block);
      if (found !== null) return found;
    }
    return fromNewBlock();
  });
  queue = port.catch(() => {});
  return port;
}

/** Hands a port back. Whatever listens on it must be closed. */
export function freePort(port: number): void {
  const index = blocks.findIndex((block) => block.used.has(port));
  const block = blocks[index];
  if (!block) return;
  block.used.delete(port);
  if (block.used.size > 0) return;
  blocks.splice(index, 1);
  block.claim.close();
}

async function fromNewBlock(): Promise<number> {
  const start = Math.floor(Math.random() * BLOCKS);
  for (let i = 0; i < BLOCKS; i += 1) {
    const firstPort = FIRST_PORT + ((start + i) % BLOCKS) * BLOCK_SIZE;
    const claim = await listen(firstPort);
    if (!claim) continue;
    const block: Block = { firstPort, claim, next: 1, used: new Set() };
    const port = await portIn(block);
    if (port === null) {
      claim.close();
      continue;
    }
    blocks.push(block);
    return port;
  }
  throw new ArchipelError(
    'start-failed',
    `No port from ${FIRST_PORT} to ${FIRST_PORT + BLOCKS * BLOCK_SIZE - 1} is free.`,
    'Close programs that listen there, or other running topologies.',
  );
}

/** Null when every port of the block is taken. */
async function portIn(block: Block): Promise<number | null> {
  for (let tries = 1; tries < BLOCK_SIZE; tries += 1) {
    const port = block.firstPort + block.next;
    block.next = (block.next % (BLOCK_SIZE - 1)) + 1;
    if (block.used.has(port)) continue;
    const probe = await listen(port);
    if (!probe) continue;
    block.used.add(port);
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
  return null;
}

/** Null when something else has the port. */
function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    // EADDRINUSE, or EACCES where Windows keeps a range for itself: either way it is not ours.
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server.unref()));
  });
}
