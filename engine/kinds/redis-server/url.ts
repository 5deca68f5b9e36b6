import { ArchipelError } from '../../model/error.ts';
import { parseServerUrl, type ServerAddress } from '../own-server/url.ts';

const redis = {
  defaultPort: 6379,
  code: 'redis-unavailable' as const,
  what: 'the Redis server',
  nextStep: 'Write it as redis://user:password@host:6379/0; user, password, port and database may be left out.',
};

/** Address and login of the user's own server. */
export function parseRedisUrl(text: string): ServerAddress {
  const address = parseServerUrl(text, redis);
  const { database } = address.login;
  if (database !== '' && !/^\d{1,4}$/.test(database))
    throw new ArchipelError(
      redis.code,
      `the URL of ${redis.what} names the database "${database}", which is no number`,
      redis.nextStep,
    );
  return address;
}
