import { reasonOfSystemError } from '../../call-failure.ts';
import type { WiredEdge } from '../../protocol.ts';
import { PublishFailure } from '../client.ts';

/** What the client's errors have; several may stand in one, and one behind another. */
interface ClientError extends Error {
  code?: string;
  apiId?: string;
  errors?: ClientError[];
  cause?: ClientError;
}

/** The leader's word that it has not stored the message, and that another broker may. */
const elsewhere = new Set(['NOT_LEADER_OR_FOLLOWER', 'LEADER_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION']);
/** It may have stored it all the same. */
const unsure = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'KAFKA_STORAGE_ERROR', 'UNKNOWN']);

function* allOf(error: ClientError): Generator<ClientError> {
  yield error;
  for (const inner of error.errors ?? []) yield* allOf(inner);
  if (error.cause) yield* allOf(error.cause);
}

/** What somebody else may do: the message was surely not stored, and somebody leads its partition, now or soon. */
export const isElsewhere = (error: unknown): boolean =>
  [...allOf(error as ClientError)].some(({ apiId }) => apiId !== undefined && elsewhere.has(apiId));

/** The group may not be joined with so short, or so long, a session. */
export const isSessionRefused = (error: unknown): boolean =>
  [...allOf(error as ClientError)].some(({ apiId }) => apiId === 'INVALID_SESSION_TIMEOUT');

/** Before anything was sent. */
export function failureToConnect(error: unknown, edge: WiredEdge): PublishFailure {
  const system = [...allOf(error as ClientError)].find(({ code }) => code?.startsWith('E'));
  const reason = system ? reasonOfSystemError(system) : 'reset';
  return new PublishFailure(true, reason, edge.id, system?.message ?? (error as Error).message);
}

/** After it was sent: an error of the protocol is the broker's word, a broken connection says nothing. */
export function failureToSend(error: unknown, edge: WiredEdge): PublishFailure {
  const all = [...allOf(error as ClientError)];
  const said = all.find(({ apiId }) => apiId !== undefined);
  if (said?.apiId === 'NOT_ENOUGH_REPLICAS')
    return new PublishFailure(true, 'refused', edge.targetId, 'too few copies are in sync');
  if (said) return new PublishFailure(!unsure.has(said.apiId ?? ''), 'handler-error', edge.targetId, said.message);
  return new PublishFailure(false, 'reset', edge.id, 'the connection broke before the confirmation came');
}
