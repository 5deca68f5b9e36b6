import { CallFailure } from '../process-kit/call-failure.ts';
import { createPolicies, type Policies } from '../process-kit/policies/policies.ts';
import { trafficHooks } from '../process-kit/traffic-hooks.ts';
import { type ConnectionPool, type ConnectionPoolOptions, createConnectionPool } from './connection-pool.ts';
import { isIdempotent, type RequestObserver, type TrafficRequest } from './request.ts';
import { createResender } from './resender.ts';

/** Takes requests along an edge. */
export type EdgePool = Omit<ConnectionPool, 'cancel'>;

/** A request on its way through the policies of its edge. */
interface Passage {
  readonly request: TrafficRequest;
  /** Its first attempt has left, or it was turned away: it is issued, once, however many attempts follow. */
  issued: boolean;
  waiting: boolean;
  over: boolean;
  giveUp(): void;
}

/** The calling side of an edge: connections, and the policies of the edge where it has any. */
export function createEdgePool(options: ConnectionPoolOptions): EdgePool & Pick<Policies, 'measure'> {
  const pool = createConnectionPool(options);
  const policies = createPolicies(options.edge);
  const edgeId = options.edge.id;
  const open = new Set<Passage>();

  const issue = (passage: Passage, nowMs: number): void => {
    if (passage.issued) return;
    passage.issued = true;
    if (passage.waiting) passage.request.observer.dequeued(passage.request);
    passage.request.observer.sent(passage.request, nowMs);
  };

  const end = (passage: Passage): void => {
    passage.over = true;
    open.delete(passage);
  };

  /** It never left: the pool had no room for its first attempt in time. */
  const drop = (passage: Passage): void => {
    end(passage);
    passage.giveUp();
    if (passage.waiting) passage.request.observer.dequeued(passage.request);
    passage.request.observer.dropped(passage.request);
  };

  function submitPoliced(request: TrafficRequest, submittedMs: number): void {
    const { observer, bytes } = request;
    const passage: Passage = { request, issued: false, waiting: false, over: false, giveUp() {} };
    open.add(passage);
    const giveUp = policies.run<number>({
      idempotent: isIdempotent(bytes),
      deadlineMs: Number.POSITIVE_INFINITY,
      start({ number }, ended) {
        const intendedMs = number === 1 ? request.intendedMs : performance.now();
        const attempt: TrafficRequest = {
          bytes,
          intendedMs,
          deadlineMs: 0,
          observer: {
            queued() {},
            dequeued() {},
            sent(_, nowMs) {
              issue(passage, nowMs);
              attempt.span = request.span;
            },
            ok: (_, nowMs) => ended(null, nowMs),
            failed: (_, reason, hop) => ended(new CallFailure(reason, hop, reason)),
            dropped() {
              if (passage.issued) ended(new CallFailure('timeout', edgeId, 'no connection came free in time'));
              else drop(passage);
            },
          },
        };
        pool.submit(attempt, number === 1 ? submittedMs : intendedMs);
        return () => pool.cancel(attempt);
      },
      fallback: () => performance.now(),
      settle(failure, answeredMs) {
        end(passage);
        issue(passage, performance.now());
        if (failure) observer.failed(request, failure.reason, failure.hop);
        else observer.ok(request, answeredMs ?? performance.now());
      },
    });
    passage.giveUp = giveUp;
    if (passage.over) giveUp();
    else if (!passage.issued) {
      passage.waiting = true;
      observer.queued(request);
    }
  }

  function take(request: TrafficRequest, nowMs: number): void {
    if (policies.concern(Number.POSITIVE_INFINITY)) submitPoliced(request, nowMs);
    else pool.submit(request, nowMs);
  }

  function abandon(observer: RequestObserver): void {
    const its = [...open].filter(({ request }) => request.observer === observer);
    // The newest first: a place that comes free must not be taken by another that goes, too.
    for (const passage of its.reverse()) {
      if (!passage.issued) drop(passage);
      else {
        end(passage);
        passage.giveUp();
      }
    }
    pool.abandon(observer);
  }

  const resender = createResender({ submit: take, abandon });

  return {
    submit(request, nowMs) {
      if (trafficHooks.resend.size > 0) resender.submit(request, nowMs);
      else take(request, nowMs);
    },
    rewire(edge) {
      policies.update(edge);
      pool.rewire(edge);
    },
    abandon(observer) {
      resender.abandon(observer);
      abandon(observer);
    },
    close: pool.close,
    measure: policies.measure,
  };
}
