import { connect } from 'node:net';

/** A process that ends closes its sockets one after the other. */
const CLOSES_WITHIN_MS = 100;

/** Whether nobody listens at a port any more, or is about to stop: a connection there is refused, or closed at once. */
export const isDying = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let timer: NodeJS.Timeout | undefined;
    const end = (dying: boolean) => (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(dying);
    };
    socket.on('connect', () => {
      timer = setTimeout(end(false), CLOSES_WITHIN_MS);
    });
    socket.on('error', end(true));
    socket.on('close', end(true));
  });
