import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to the engine that can be cut and mended, with real sockets at both of its ends. */
export interface Line {
  /** Address of the page over this line. */
  url: string;
  /** Breaks what goes over it, and refuses what comes next. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function lineTo(url: string): Promise<Line> {
  const engine = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(engine.port), engine.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        (socket === near ? far : near).destroy();
      });
    }
    // The engine serves pages of its own address only.
    near.on('data', (bytes) => far.write(bytes.toString('latin1').replaceAll(own, engine.host), 'latin1'));
    far.pipe(near);
  });
  await once(server.listen(0, engine.hostname), 'listening');
  const own = `${engine.hostname}:${(server.address() as AddressInfo).port}`;
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    url: url.replace(engine.host, own),
    cut,
    mend() {
      isCut = false;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
