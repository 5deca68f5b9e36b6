import { type FailureReason, failureReasons } from '../metrics/failure-reason.ts';
import { RespError } from '../wire/resp/errors.ts';
import { CallFailure, reasonOfSystemError } from './call-failure.ts';
import type { WiredEdge } from './protocol.ts';

/** First word of the error with which a cache tells that it could not load a key. Reason and hop follow it. */
export const LOAD_FAILED = 'LOADFAILED';

/** What an error reply means for the caller: the login was refused, a load behind the cache failed, or the command did. */
export function failureOfReply({ message }: RespError, edge: WiredEdge): CallFailure {
  const [code, reason = '', hop = ''] = message.split(' ', 3);
  if (code === LOAD_FAILED && (failureReasons as readonly string[]).includes(reason))
    return new CallFailure(reason as FailureReason, hop, message);
  if (code === 'NOAUTH' || code === 'WRONGPASS' || /max number of clients/.test(message))
    return new CallFailure('refused', edge.id, message);
  return new CallFailure('handler-error', edge.targetId, message);
}

/** What it means that a request could not be sent, or that its connection broke. An error reply here is that to the login. */
export function failureOfSending(error: Error, edge: WiredEdge): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof RespError) return new CallFailure('refused', edge.id, error.message);
  if (error.name === 'AbortError')
    return new CallFailure('timeout', edge.id, `no connection within ${edge.config.timeoutMs} ms`);
  return new CallFailure(reasonOfSystemError(error), edge.id, error.message);
}
