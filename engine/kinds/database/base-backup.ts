import { constants } from 'node:fs';
import { appendFile, chown, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchipelError } from '../../model/error.ts';
import { connect } from './connection.ts';
import type { Primary } from './fleet.ts';

/**
 * What PostgreSQL's manual says to leave out of a low-level base backup (section 25.3.4): what belongs to the running
 * primary, and what a server makes anew. WAL comes by streaming, from the slot that was made before the copy began.
 */
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'backup_label', 'standby.signal', 'pg_internal.init']);
const leftEmpty = new Set([
  ...['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots', 'pg_stat_tmp', 'pg_subtrans'],
]);

/** The name of the place that the primary keeps for a standby, and until which it keeps its WAL. */
export const slotOf = (replica: number): string => `replica_${replica}`;

/** Copies a running primary into `data`, ready to start as its standby. Whatever goes wrong, nothing is left there. */
export async function copyPrimary(options: {
  primary: Primary;
  replica: number;
  data: string;
  signal: AbortSignal;
}): Promise<void> {
  const { primary, replica, data, signal } = options;
  const slot = slotOf(replica);
  const { client } = await connect(primary.address, { ...primary.superuser, database: 'template1' }, signal).catch(
    (cause: unknown) => {
      signal.throwIfAborted();
      throw new ArchipelError(
        'database-unavailable',
        `read replica ${replica} cannot be made: its primary does not answer`,
        'Let the primary run, then start the read replica again.',
        { cause },
      );
    },
  );
  try {
    await rm(data, { recursive: true, force: true });
    await client.query(
      'select pg_terminate_backend(active_pid, 2000) from pg_replication_slots where slot_name = $1 and active',
      [slot],
    );
    await client.query('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1', [
      slot,
    ]);
    await client.query('select pg_create_physical_replication_slot($1, true)', [slot]);
    await client.query("select pg_backup_start('archipel', true)");
    await copyTree(primary.data, data, primary, signal);
    // Not to be waited for: nobody archives WAL here.
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    await write(join(data, 'backup_label'), rows[0]?.labelfile ?? '', primary);
    await becomeStandby({ primary, replica, data });
  } catch (error) {
    await rm(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }).catch(() => {});
    signal.throwIfAborted();
    throw new ArchipelError(
      'database-unavailable',
      `read replica ${replica} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
      'Look at the log of the primary, then start the read replica again.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** What a server is started with that has stopped, to follow this primary from where it is. */
export async function becomeStandby(options: { primary: Primary; replica: number; data: string }): Promise<void> {
  const { primary, replica, data } = options;
  await write(join(data, 'standby.signal'), '', primary);
  // In a file that nobody else may read, since the arguments of a process are for all to see. The last line of a name counts.
  await appendFile(
    join(data, 'postgresql.auto.conf'),
    `${[
      `primary_conninfo = '${conninfoOf(primary, replica)}'`,
      `primary_slot_name = '${slotOf(replica)}'`,
      `recovery_min_apply_delay = 0`,
    ].join('\n')}\n`,
  );
}

/** How a standby logs in to its primary. */
export const conninfoOf = ({ address, replication }: Primary, replica: number): string =>
  [
    `host=${address.host} port=${address.port} sslmode=disable`,
    `user=${replication.user} password=${replication.password} application_name=${slotOf(replica)}`,
  ].join(' ');

/** Files side by side: there are a thousand small ones. Directories one after the other. */
async function copyTree(from: string, to: string, primary: Primary, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await mkdir(to, { mode: 0o700 });
  await own(to, primary);
  const entries = (await readdir(from, { withFileTypes: true })).filter(
    ({ name }) => !leftOut.has(name) && !name.startsWith('pgsql_tmp'),
  );
  const files = entries.filter((entry) => entry.isFile());
  await Promise.all(files.map(({ name }) => copyLiving(join(from, name), join(to, name), primary)));
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    if (!leftEmpty.has(name)) {
      await copyTree(join(from, name), join(to, name), primary, signal);
      continue;
    }
    await mkdir(join(to, name), { mode: 0o700 });
    await own(join(to, name), primary);
  }
}

/** A table may be dropped while it is copied; WAL says so to the standby. */
async function copyLiving(source: string, target: string, primary: Primary): Promise<void> {
  try {
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await own(target, primary);
}

async function write(path: string, text: string, primary: Primary): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await own(path, primary);
}

async function own(path: string, { account }: Primary): Promise<void> {
  if (account) await chown(path, account.uid, account.gid);
}
