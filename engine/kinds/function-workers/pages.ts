import type { Failed, Page } from '../web-function/platform.ts';

/** Cloudflare's numbers: https://developers.cloudflare.com/workers/observability/errors/ */
const said: Record<Failed | 'none', { status: number; code: number; title: string }> = {
  exception: { status: 500, code: 1101, title: 'Worker threw exception' },
  limit: { status: 503, code: 1102, title: 'Worker exceeded resource limits' },
  timeout: { status: 503, code: 1102, title: 'Worker exceeded resource limits' },
  crash: { status: 500, code: 1101, title: 'Worker threw exception' },
  throttled: { status: 429, code: 1015, title: 'You are being rate limited' },
  none: { status: 404, code: 1042, title: 'Not found' },
};

/** What Cloudflare says to callers that want no page. */
export function pageOf(failed: Failed | 'none', requestId: string): Page {
  const { status, code, title } = said[failed];
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=UTF-8', 'cf-ray': requestId },
    body: `error code: ${code}\n${title}\n`,
  };
}
