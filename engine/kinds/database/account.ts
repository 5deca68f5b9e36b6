import { readFileSync } from 'node:fs';
import { ArchipelError } from '../../model/error.ts';

/** The user and group that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/** What most systems give `nobody`, for those without an account of that name. */
const OVERFLOW_ID = 65534;

/**
 * PostgreSQL refuses to run as root. Where we are root it runs as `nobody`, or as the user whose number
 * `ARCHIPEL_POSTGRES_UID` holds. Null: it runs as we do.
 */
export function unprivilegedAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const wanted = process.env.ARCHIPEL_POSTGRES_UID;
  if (wanted === undefined)
    return findAccount(({ name }) => name === 'nobody') ?? { uid: OVERFLOW_ID, gid: OVERFLOW_ID };
  const uid = Number(wanted);
  if (!/^\d+$/.test(wanted) || uid === 0 || uid > 0xffff_fffe)
    throw new ArchipelError(
      'database-unavailable',
      `ARCHIPEL_POSTGRES_UID is "${wanted}", which is no number of an unprivileged user`,
      'Set it to the number of a user other than root, or unset it.',
    );
  return findAccount((account) => account.uid === uid) ?? { uid, gid: uid };
}

/** macOS gives `nobody` the number -2: for `chown` that is an unsigned number, for `spawn` a signed one. */
export const forSpawn = (account: Account | null): { uid?: number; gid?: number } =>
  account ? { uid: account.uid | 0, gid: account.gid | 0 } : {};

function findAccount(matches: (account: Account & { name: string }) => boolean): Account | null {
  for (const line of readPasswd().split('\n')) {
    const [name = '', , uid, gid] = line.split(':');
    if (!uid || !gid || name.startsWith('#')) continue;
    const account = { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
    if (account.uid !== 0 && matches(account)) return { uid: account.uid, gid: account.gid };
  }
  return null;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}
