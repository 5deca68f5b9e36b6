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
  clients: ({ sessions, blocking }) => ({ connected_clients: sessions.size, blocked_clients: blocking.count }),
  memory: ({ keyspace: { usedBytes, settings } }) => ({
    used_memory: usedBytes,
    used_memory_human: `${(usedBytes / 1024 ** 2).toFixed(2)}M`,
    used_memory_rss: process.memoryUsage.rss(),
    maxmemory: settings.maxMemoryBytes,
    maxmemory_policy: settings.policy,
  }),
  persistence: ({ log }) => ({
    loading: 0,
    rdb_bgsave_in_progress: 0,
    rdb_last_bgsave_status: 'ok',
    aof_enabled: log ? 1 : 0,
    aof_rewrite_in_progress: log?.isRewriting ? 1 : 0,
    aof_current_size: log?.bytes ?? 0,
    aof_last_write_status: 'ok',
  }),
  stats: ({ stats, keyspace, pubsub }) => ({
    total_connections_received: stats.connections,
    total_commands_processed: stats.commands,
    total_net_input_bytes: stats.netInBytes,
    total_net_output_bytes: stats.netOutBytes,
    expired_keys: keyspace.stats.expired,
    evicted_keys: keyspace.stats.evicted,
    keyspace_hits: keyspace.stats.hits,
    keyspace_misses: keyspace.stats.misses,
    pubsub_channels: pubsub.channels.size,
    pubsub_patterns: pubsub.patterns.size,
  }),
  replication: () => ({ role: 'master', connected_slaves: 0 }),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return { used_cpu_sys: (system / 1e6).toFixed(6), used_cpu_user: (user / 1e6).toFixed(6) };
  },
  cluster: () => ({ cluster_enabled: 0 }),
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
        `# ${name === 'cpu' ? 'CPU' : `${name[0]?.toUpperCase()}${name.slice(1)}`}\r\n`,
        ...Object.entries(fields(state)).map(([field, value]) => `${field}:${value}\r\n`),
      ].join(''),
    )
    .join('\r\n');
}
