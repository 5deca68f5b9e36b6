import type { FailureReason } from '../metrics/failure-reason.ts';
import { trafficHooks } from '../process-kit/traffic-hooks.ts';
import type { RequestObserver, TrafficRequest } from './request.ts';

interface Taker {
  submit(request: TrafficRequest, nowMs: number): void;
  abandon(observer: RequestObserver): void;
}

/** A request that is sent again each time that it fails, as long as a fault wants it. */
interface Chain {
  readonly request: TrafficRequest;
  readonly observer: RequestObserver;
  issued: boolean;
  over: boolean;
}

const wantsAnother = (resent: number): boolean => {
  for (const again of trafficHooks.resend) if (again(resent)) return true;
  return false;
};

/**
 * Sends requests that failed again at once, without a pause and outside the policies of the edge. What is sent again is
 * another attempt of the same request, which is issued once and has one outcome: that of its last attempt.
 */
export function createResender(taker: Taker): Taker {
  const open = new Set<Chain>();

  return {
    submit(request, submittedMs) {
      let resent = 0;
      let lastFailure: [FailureReason, string] | null = null;

      const attempt = (intendedMs: number, nowMs: number): void => {
        const { bytes, span } = request;
        const sent: TrafficRequest = { bytes, intendedMs, deadlineMs: 0, observer: chain.observer, span };
        taker.submit(sent, nowMs);
      };
      const close = (): void => {
        chain.over = true;
        open.delete(chain);
      };
      const fail = (reason: FailureReason, hop: string): void => {
        close();
        request.observer.failed(request, reason, hop);
      };

      const observer: RequestObserver = {
        queued() {
          if (!chain.issued) request.observer.queued(request);
        },
        dequeued() {
          if (!chain.issued) request.observer.dequeued(request);
        },
        sent(sent, nowMs) {
          if (chain.issued) return;
          chain.issued = true;
          request.observer.sent(request, nowMs);
          sent.span = request.span;
        },
        ok(_, nowMs) {
          close();
          request.observer.ok(request, nowMs);
        },
        failed(_, reason, hop) {
          if (chain.over) return;
          lastFailure = [reason, hop];
          if (!wantsAnother(resent)) return fail(reason, hop);
          resent += 1;
          const nowMs = performance.now();
          attempt(nowMs, nowMs);
        },
        dropped() {
          if (chain.over) return;
          if (lastFailure) return fail(...lastFailure);
          close();
          request.observer.dropped(request);
        },
      };
      const chain: Chain = { request, observer, issued: false, over: false };
      open.add(chain);
      attempt(request.intendedMs, submittedMs);
    },
    abandon(observer) {
      for (const chain of [...open].reverse()) {
        if (chain.request.observer !== observer) continue;
        // What is in flight stays so for good: nobody hears of it any more.
        if (chain.issued) {
          chain.over = true;
          open.delete(chain);
        }
        taker.abandon(chain.observer);
      }
    },
  };
}
