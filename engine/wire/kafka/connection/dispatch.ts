import type { BrokerContext, Observer } from '../cluster/context.ts';
import type { Handler } from '../handlers/handler.ts';
import { handlers } from '../handlers/index.ts';
import type { Api } from '../protocol/api.ts';
import { apisByKey } from '../protocol/apis.ts';
import { errorCodes, ProtocolError } from '../protocol/errors.ts';
import { Reader } from '../protocol/reader.ts';
import { apiVersions } from '../protocol/tables/api-versions.ts';
import { includes } from '../protocol/versions.ts';
import { Writer } from '../protocol/writer.ts';
import type { Connection } from './connection.ts';

/** Requests of other kinds are smaller than what producers send. */
const MAX_PLAIN_REQUEST_BYTES = 8 * 1024 * 1024;
const PRODUCE_KEY = 0;

type Answer = readonly Buffer[] | null;

/** Reads a request, has it handled, and writes the answer. Fails with a `ProtocolError` where the frame is no request. */
export function dispatch(
  frame: Buffer,
  options: { broker: BrokerContext; listener: string; connection: Connection },
): Answer | Promise<Answer> {
  const reader = new Reader(frame);
  const key = reader.int16();
  const version = reader.int16();
  const correlationId = reader.int32();
  const api = apisByKey.get(key);
  if (!api) throw new ProtocolError(`a request of kind ${key}`);
  if (!includes(api.versions, version)) {
    if (api.key === apiVersions.key) return tellVersions(correlationId);
    throw new ProtocolError(`version ${version} of ${api.name}`);
  }
  if (key !== PRODUCE_KEY && frame.length > MAX_PLAIN_REQUEST_BYTES) throw new ProtocolError('too large a request');
  const clientId = readClientId(reader);
  if (api.isFlexible(version)) skipTags(reader);
  const request = api.request(version).read(reader);
  const handler = (handlers as unknown as Record<number, Handler<Api>>)[key] as Handler<Api>;
  const handle = (): Answer | Promise<Answer> => {
    const response = handler(request, { ...options, version, clientId });
    if (response instanceof Promise) return response.then((later) => encode(api, version, correlationId, later));
    return encode(api, version, correlationId, response);
  };
  const { observer } = options.broker.cluster;
  return observer ? observed(observer, api.name, handle) : handle();
}

function observed(observer: Observer, name: string, handle: () => Answer | Promise<Answer>): Answer | Promise<Answer> {
  const fromMs = performance.now();
  const told = (answer: Answer): Answer => {
    observer.answered?.({ name, durationMs: performance.now() - fromMs });
    return answer;
  };
  const delayMs = observer.delayMs?.() ?? 0;
  if (delayMs > 0) return new Promise<void>((go) => setTimeout(go, delayMs)).then(handle).then(told);
  const answer = handle();
  return answer instanceof Promise ? answer.then(told) : told(answer);
}

function encode(api: Api, version: number, correlationId: number, response: object | null): Answer {
  if (response === null) return null;
  const writer = new Writer();
  writer.int32(correlationId);
  // A client that does not know the server's versions yet can read this header in any case.
  if (api.isFlexible(version) && api.key !== apiVersions.key) writer.varint(0);
  api.response(version).write(writer, response as never);
  return writer.finish();
}

/** In version 0, which every client can read, with the versions in which it may ask again. */
function tellVersions(correlationId: number): Answer {
  const [minVersion, maxVersion] = apiVersions.versions;
  return encode(apiVersions as unknown as Api, 0, correlationId, {
    errorCode: errorCodes.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: apiVersions.key, minVersion, maxVersion }],
  });
}

function readClientId(reader: Reader): string | null {
  const length = reader.nullableLength('short');
  return length < 0 ? null : reader.text(length);
}

function skipTags(reader: Reader): void {
  for (let left = reader.varint(); left > 0; left -= 1) {
    reader.varint();
    reader.bytes(reader.varint());
  }
}
