import { apis } from '../protocol/apis.ts';
import { errorCodes } from '../protocol/errors.ts';
import type { Handler } from './handler.ts';

/** Whoever reads this list for compressed batches asks for version 0 first (librdkafka); Apache Kafka names it for them too. */
const NAMED_FROM_0: ReadonlySet<string> = new Set([apis.produce.name]);

const apiKeys = Object.values(apis).map(({ key, name, versions: [minVersion, maxVersion] }) => ({
  apiKey: key,
  minVersion: NAMED_FROM_0.has(name) ? 0 : minVersion,
  maxVersion,
}));

export const apiVersions: Handler<typeof apis.apiVersions> = () => ({ errorCode: errorCodes.NONE, apiKeys });
