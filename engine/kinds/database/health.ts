import { Socket } from 'node:net';
import { type Address, type Connection, connect, type Login } from './connection.ts';

/**
 * A check that PostgreSQL serves: a query on a connection that is kept, and, since an open connection is served by a
 * process of its own, whether the server still takes new ones. Cheap enough to ask several times a second.
 */
export function createHealthCheck(
  address: Address,
  login: Login,
  signal: AbortSignal,
): (timeoutMs: number) => Promise<boolean> {
  let kept: Connection | null = null;

  const check = async (limit: AbortSignal): Promise<boolean> => {
    const connection = kept?.usable() ? kept : null;
    kept = null;
    if (connection) {
      const cut = (): void => connection.destroy();
      limit.addEventListener('abort', cut, { once: true });
      const answers = connection.client.query('select 1').then(
        () => true,
        () => false,
      );
      const healthy = (await Promise.all([answers, takesConnections(address, limit)])).every(Boolean);
      limit.removeEventListener('abort', cut);
      if (healthy) return keep(connection);
      connection.destroy();
    }
    // A server that came back has forgotten the connection that was kept.
    if (limit.aborted) return false;
    const opened = new AbortController();
    const cut = (): void => opened.abort();
    limit.addEventListener('abort', cut, { once: true });
    try {
      const fresh = await connect(address, login, opened.signal);
      await fresh.client.query('select 1');
      return keep(fresh);
    } catch {
      opened.abort();
      return false;
    } finally {
      limit.removeEventListener('abort', cut);
    }
  };

  const keep = (connection: Connection): true => {
    if (kept || signal.aborted) connection.destroy();
    else {
      connection.unref();
      kept = connection;
    }
    return true;
  };

  signal.addEventListener('abort', () => kept?.destroy(), { once: true });

  return async (timeoutMs) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    try {
      return await check(limit.signal);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The request for TLS that may open a connection; any server answers it with one byte, before it asks who we are. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

function takesConnections({ host, port }: Address, limit: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new Socket();
    const cut = (): void => void socket.destroy();
    limit.addEventListener('abort', cut, { once: true });
    let answered = false;
    socket.once('data', () => {
      answered = true;
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      limit.removeEventListener('abort', cut);
      resolve(answered);
    });
    socket.connect(port, host, () => socket.write(SSL_REQUEST));
  });
}
