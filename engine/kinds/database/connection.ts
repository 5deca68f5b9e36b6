import { Socket } from 'node:net';
import type { Client } from 'pg';

export interface Address {
  host: string;
  port: number;
}

export interface Login {
  user: string;
  password: string;
  database: string;
}

export interface Connection {
  client: Client;
  /** Says goodbye, and cuts it off when the server does not take note of that. */
  end(): Promise<void>;
  /** Cuts it off at once, whatever the server does. */
  destroy(): void;
  /** Whether it still can be used. */
  usable(): boolean;
  /** From now on it does not keep the engine's process. */
  unref(): void;
}

const GOODBYE_MS = 1000;

/** How PostgreSQL shows what watches it, beside each connection. Who reads figures leaves it out. */
export const WATCHER = 'archipel-engine';

/** Logs in. Ending the signal cuts the connection off, now and later. `settings` are those of this session. */
export async function connect(
  address: Address,
  login: Login,
  signal: AbortSignal,
  { name = WATCHER, settings }: { name?: string; settings?: string } = {},
): Promise<Connection> {
  const { Client } = await import('pg');
  signal.throwIfAborted();
  const socket = new Socket();
  const client = new Client({
    ...address,
    ...login,
    ssl: false,
    application_name: name,
    options: settings,
    stream: () => socket,
  });
  let usable = true;
  const destroy = (): void => {
    usable = false;
    socket.destroy();
  };
  // Said after the query that it broke has been told; without a listener it would end the engine.
  client.on('error', destroy);
  socket.on('close', () => {
    usable = false;
    signal.removeEventListener('abort', destroy);
  });
  signal.addEventListener('abort', destroy, { once: true });
  try {
    await client.connect();
  } catch (error) {
    destroy();
    throw error;
  }
  const end = async (): Promise<void> => {
    if (!usable) return;
    const timer = setTimeout(destroy, GOODBYE_MS);
    await client.end().catch(() => {});
    clearTimeout(timer);
  };
  return { client, end, destroy, usable: () => usable, unref: () => void socket.unref() };
}
