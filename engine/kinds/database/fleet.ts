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

/** A server of a fleet, whatever it is now. */
interface Member {
  data: string;
  address: Address;
}

const primaries = new WeakMap<object, Primary>();
const members = new WeakMap<object, Map<number, Member>>();

export function announceMember(scope: object, replica: number, member: Member): void {
  const known = members.get(scope) ?? new Map<number, Member>();
  members.set(scope, known.set(replica, member));
}

export function memberOf(scope: object, replica: number): Member {
  const member = members.get(scope)?.get(replica);
  if (member) return member;
  throw new ArchipelError('internal', `the database has no server ${replica}`, 'Start the topology again.');
}

/** The replicas of one running node have its scope in common; the runtime starts the primary before the standbys. */
export const announcePrimary = (scope: object, primary: Primary): void => void primaries.set(scope, primary);

export function primaryIn(scope: object): Primary {
  const primary = primaries.get(scope);
  if (primary) return primary;
  throw new ArchipelError('internal', 'a read replica was started before its primary', 'Start the topology again.');
}
