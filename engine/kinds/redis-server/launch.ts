import { ArchipelError } from '../../model/error.ts';
import type { CommandLaunch, LaunchContext, RemoteLaunch } from '../../runtime/launch.ts';
import { findRedisServer } from './find.ts';
import { createServerLink, type ServerLink } from './link.ts';
import { parseRedisUrl } from './url.ts';

/** What a kind makes of the engine's own way to the server. */
type Over<Parts> = (link: ServerLink) => Parts;

/** The redis-server of this computer. It answers its own callers alone, and keeps what it keeps in the replica's directory. */
export async function launchRedisServer(
  { directory, port: choosePort, signal }: Pick<LaunchContext<never>, 'directory' | 'port' | 'signal'>,
  settings: readonly string[],
  over: Over<
    Pick<CommandLaunch, 'measure' | 'broker'> & {
      /** What faults do to it, by name. */
      disturbances: Record<string, (payload: never) => Promise<unknown>>;
    }
  >,
): Promise<CommandLaunch> {
  const command = await findRedisServer();
  const port = await choosePort();
  const link = createServerLink({ host: '127.0.0.1', port }, signal);
  const { disturbances, ...parts } = over(link);
  return {
    type: 'command',
    command,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...settings, '--dir', directory],
    env: { PATH: process.env.PATH ?? '' },
    cwd: directory,
    port,
    stopSignal: 'SIGTERM',
    guardianSignal: 'SIGKILL',
    healthy: link.healthy,
    setUp: async () => {},
    ...parts,
    call: async (name, payload) => {
      const disturb = disturbances[name];
      if (!disturb) throw new Error(`a redis-server knows no call "${name}"`);
      return disturb(payload as never);
    },
    explain: (lines) =>
      new ArchipelError(
        'redis-unavailable',
        `${command} has ended: ${lines.slice(-3).join(' ') || 'it said nothing'}`,
        'Look at the log of the node, or let the node use the embedded server.',
      ),
  };
}

/** The user's own server: nothing is done to it but to ask. */
export async function launchRedisByUrl(
  { signal }: Pick<LaunchContext<never>, 'signal'>,
  url: string,
  over: Over<Pick<RemoteLaunch, 'measure' | 'broker'>>,
): Promise<RemoteLaunch> {
  const { host, port, login } = parseRedisUrl(url);
  const link = createServerLink({ host, port, login }, signal);
  return { type: 'remote', host, port, login, healthy: link.healthy, setUp: async () => {}, ...over(link) };
}

/** What a server may hold, in its own words. */
export const memorySettings = (maxMemoryMb: number | null, policy: string): string[] => [
  ...['--maxmemory', String(maxMemoryMb === null ? 0 : Math.round(maxMemoryMb * 1024 * 1024))],
  ...['--maxmemory-policy', policy],
];
