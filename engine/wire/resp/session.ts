import type { ProtocolVersion } from './reply.ts';

/** What the server knows of one connection. */
export interface Session {
  readonly id: number;
  /** Address and port of the client, and of the server. */
  readonly address: string;
  readonly localAddress: string;
  readonly connectedAtMs: number;
  protocol: ProtocolVersion;
  database: number;
  name: string;
  library: { name: string; version: string };
  authenticated: boolean;
  lastCommand: string;
  /** Set by QUIT: the connection ends when all is answered. */
  closing: boolean;
}

export const createSession = (
  known: Pick<Session, 'id' | 'address' | 'localAddress' | 'connectedAtMs' | 'authenticated'>,
): Session => ({
  ...known,
  protocol: 2,
  database: 0,
  name: '',
  library: { name: '', version: '' },
  lastCommand: 'NULL',
  closing: false,
});
