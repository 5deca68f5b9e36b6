import { type FailureReason, failureReasons } from '../metrics/failure-reason.ts';
import type { RespError } from '../wire/resp/errors.ts';
import { CallFailure } from './call-failure.ts';
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
