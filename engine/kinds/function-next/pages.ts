import type { Failed, Page } from '../web-function/platform.ts';

/** Vercel's words: https://vercel.com/docs/errors; what a handler throws, Next.js answers by itself. */
const said: Record<Failed | 'none', { status: number; body: string }> = {
  exception: { status: 500, body: 'Internal Server Error' },
  crash: { status: 500, body: 'A server error has occurred\n\nFUNCTION_INVOCATION_FAILED' },
  limit: { status: 500, body: 'A server error has occurred\n\nFUNCTION_INVOCATION_FAILED' },
  timeout: { status: 504, body: 'An error occurred with your deployment\n\nFUNCTION_INVOCATION_TIMEOUT' },
  throttled: { status: 503, body: 'An error occurred with your deployment\n\nFUNCTION_THROTTLED' },
  none: { status: 404, body: 'The page could not be found\n\nNOT_FOUND' },
};

export function pageOf(failed: Failed | 'none', requestId: string): Page {
  const { status, body } = said[failed];
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-vercel-id': requestId },
    body: `${body}\n`,
  };
}
