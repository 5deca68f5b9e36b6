/** What an answer carries that tells of an exception: its body is the stack. */
export const EXCEPTION_HEADER = 'x-worker-exception';

/**
 * The module that a runtime runs in place of the user's, which it imports: it calls the user's `fetch` and tells of exceptions,
 * which a runtime would only write to its log.
 */
export const entryModule = (specifier: string): string => `import * as worker from ${JSON.stringify(specifier)};
const exported = worker.default;
export default {
  async fetch(request, env, ctx) {
    try {
      const handler = typeof exported === 'function' ? new exported(ctx, env) : exported;
      if (typeof handler?.fetch !== 'function') throw new TypeError('Handler does not export a fetch() function.');
      const response = await handler.fetch(request, env, ctx);
      if (!(response instanceof Response))
        throw new TypeError("Incorrect type for Promise: the Promise did not resolve to 'Response'.");
      return response;
    } catch (error) {
      return new Response(String(error?.stack ?? error), { status: 500, headers: { ${JSON.stringify(EXCEPTION_HEADER)}: '1' } });
    }
  },
};
`;
