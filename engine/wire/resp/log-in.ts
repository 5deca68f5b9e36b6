import type { RespClient } from './client.ts';
import { RespError } from './errors.ts';

export interface Login {
  /** Empty: the default one. */
  user?: string;
  /** Empty: none is asked for. */
  password?: string;
  /** Number of the database; default 0. */
  database?: string;
}

/** Says who the client is, and which database it uses. A refusal closes the connection, and rejects with the error reply. */
export async function logIn(client: RespClient, { user, password, database = '0' }: Login): Promise<void> {
  const requests: string[][] = [];
  if (password) requests.push(user ? ['AUTH', user, password] : ['AUTH', password]);
  if (Number(database) !== 0) requests.push(['SELECT', database]);
  if (requests.length === 0) return;
  const refused = (await client.send(...requests)).find((reply) => reply instanceof RespError);
  if (!refused) return;
  client.destroy();
  throw refused;
}
