import type { z } from 'zod';
import type { databaseDefinition } from './definition.ts';

export type DatabaseConfig = z.output<typeof databaseDefinition.config>;

/**
 * For the engine alone, on top of what the topology gets: its health check and its measuring, which are kept,
 * a login that takes the place of one of them, and what faults open. They log in as superuser.
 */
const ENGINE_CONNECTIONS = 10;

/** Standbys, and one that takes the place of another that has not gone yet. */
const MAX_SENDERS = 10;

/** The same for primary and standbys: a standby refuses to start with less than its primary has. */
export function settings(config: DatabaseConfig): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    // The topology's share of it is the limit of its role, which is exact whatever the engine has open.
    `max_connections=${config.maxConnections + ENGINE_CONNECTIONS}`,
    'superuser_reserved_connections=0',
    'shared_buffers=32MB',
    // In the data directory, where nothing outlives it; POSIX shared memory would stay after a SIGKILL.
    ...(process.platform === 'win32' ? [] : ['dynamic_shared_memory_type=mmap']),
    // Fewer processes: reads are done where they are needed.
    'io_method=sync',
    'max_logical_replication_workers=0',
    `fsync=${onOff(config.fsync)}`,
    // With full_page_writes, which stays on, and these two, what was committed is there after any kill.
    `synchronous_commit=${onOff(config.synchronousCommit)}`,
    `max_wal_senders=${MAX_SENDERS}`,
    `max_replication_slots=${MAX_SENDERS}`,
    // A standby that is away for longer than this is made anew.
    'max_slot_wal_keep_size=512MB',
    'wal_receiver_status_interval=1s',
    'wal_retrieve_retry_interval=250ms',
    // A standby that is frozen must not hold up the end of its primary for a minute.
    'wal_sender_timeout=3s',
    'log_destination=stderr',
    'logging_collector=off',
    'log_line_prefix=',
  ];
}

const onOff = (value: boolean): string => (value ? 'on' : 'off');
