import type { ServerState } from '../command.ts';
import { REDIS_VERSION } from '../version.ts';

type Fields = Record<string, string | number>;

const sections: Record<string, (state: ServerState) => Fields> = {
  server: ({ keyspace, port, startedAtMs, runId }) => ({
    redis_version: REDIS_VERSION,
    redis_mode: 'standalone',
    os: `${process.platform} ${process.arch}`,
    arch_bits: 64,
    process_id: process.pid,
    run_id: runId,
    tcp_port: port ?? 0,
    uptime_in_seconds: Math.floor((keyspace.now() - startedAtMs) / 1000),
  }),
  clients: ({ sessions }) => ({ connected_clients: sessions.size, blocked_clients: 0 }),
  memory: ({ keyspace: { usedBytes, settings } }) => ({
    used_memory: usedBytes,
    used_memory_rss: process.memoryUsage.rss(),
    maxmemory: settings.maxMemoryBytes,
    maxmemory_policy: settings.policy,
  }),
  persistence: () => ({ loading: 0, rdb_bgsave_in_progress: 0, aof_enabled: 0 }),
  stats: ({ stats, keyspace }) => ({
    total_connections_received: stats.connections,
    total_commands_processed: stats.commands,
    total_net_input_bytes: stats.netInBytes,
    total_net_output_bytes: stats.netOutBytes,
    expired_keys: keyspace.stats.expired,
    evicted_keys: keyspace.stats.evicted,
    keyspace_hits: keyspace.stats.hits,
    keyspace_misses: keyspace.stats.misses,
  }),
  replication: () => ({ role: 'master', connected_slaves: 0 }),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return { used_cpu_sys: (system / 1e6).toFixed(6), used_cpu_user: (user / 1e6).toFixed(6) };
  },
  keyspace: ({ keyspace }) =>
    Object.fromEntries(
      keyspace
        .databases()
        .filter(([, { size }]) => size > 0)
        .map(([index, { size, expiring }]) => [`db${index}`, `keys=${size},expires=${expiring.size},avg_ttl=0`]),
    ),
};

/** The text of INFO: of the sections asked for, or of all. */
export function infoText(state: ServerState, asked: readonly string[]): string {
  const names = asked.map((name) => name.toLowerCase());
  const everything = names.length === 0 || names.some((name) => ['all', 'default', 'everything'].includes(name));
  return Object.entries(sections)
    .filter(([name]) => everything || names.includes(name))
    .map(([name, fields]) =>
      [
        `# ${name[0]?.toUpperCase()}${name.slice(1)}\r\n`,
        ...Object.entries(fields(state)).map(([field, value]) => `${field}:${value}\r\n`),
      ].join(''),
    )
    .join('\r\n');
}
