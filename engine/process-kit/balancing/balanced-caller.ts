import { type AttemptOutcome, createHttpCaller, type HttpCaller, type HttpRequest } from '../http-caller.ts';
import type { WiredEdge } from '../protocol.ts';
import type { Balancer } from './balancer.ts';
import type { Endpoint } from './endpoint.ts';
import type { Outcome } from './outcome.ts';

export interface BalancedRequest extends HttpRequest {
  /** What consistent hashing and stickiness go by. */
  key?: string;
  /** Set when it is sent: the replica that has it. */
  chosen?: Endpoint;
}

/** An HTTP caller whose requests a balancer shares out. It closes the balancer with itself. */
export function createBalancedCaller(edge: WiredEdge, balancer: Balancer): HttpCaller {
  balancer.update(edge);
  const caller = createHttpCaller(edge, {
    choose(_, request: BalancedRequest) {
      request.chosen = balancer.choose(request.key);
      return request.chosen?.port;
    },
    onOutcome: (port, outcome) => balancer.ended(port, outcomeOf(outcome)),
  });
  return {
    ...caller,
    measure: () => ({ ...caller.measure(), sent: balancer.sent() }),
    update(changed) {
      balancer.update(changed);
      caller.update(changed);
    },
    close() {
      balancer.close();
      caller.close();
    },
  };
}

/** A status from 400 to 499 is the caller's fault; an answer that broke off is as good as none. */
function outcomeOf({ status, failure }: AttemptOutcome): Outcome {
  if (!failure) return 'ok';
  if (failure.reason === 'cancelled') return 'unknown';
  if (status === null || status < 400) return 'unreachable';
  return status < 500 ? 'ok' : 'failed';
}
