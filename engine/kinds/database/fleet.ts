import { ArchipelError } from '../../model/error.ts';
import type { Account } from './account.ts';
import type { Address, Login } from './connection.ts';

/** What a standby must know of its primary. */
export interface Primary {
  /** The PostgreSQL that it runs, of which a standby must be the same version. */
  postgres: string;
  account: Account | null;
  data: string;
  address: Address;
  /** Of the topology. */
  login: Login;
  /** Of the engine, on any database. */
  superuser: Omit<Login, 'database'>;
  /** Of the standbys. */
  replication: Omit<Login, 'database'>;
}

const primaries = new WeakMap<object, Primary>();

/** The replicas of one running node have its scope in common; the runtime starts the primary before the standbys. */
export const announcePrimary = (scope: object, primary: Primary): void => void primaries.set(scope, primary);

export function primaryIn(scope: object): Primary {
  const primary = primaries.get(scope);
  if (primary) return primary;
  throw new ArchipelError('internal', 'a read replica was started before its primary', 'Start the topology again.');
}
