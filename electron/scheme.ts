import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol } from 'electron';
import { APP_SCHEME, CONTENT_SECURITY_POLICY, contentTypeOf, rendererFile } from './renderer-files.ts';

/** Must run before the app is ready. Standard and secure: the window gets an origin of its own and a secure context. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built interface, and only that, to the window. */
export function setupScheme(): void {
  const root = join(__dirname, '../renderer');
  const headers = { 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' };
  protocol.handle(APP_SCHEME, async (request) => {
    const file = request.method === 'GET' ? rendererFile(request.url, root) : null;
    const body = file && (await readFile(file).catch(() => null));
    if (!file || !body) return new Response('Not found', { status: 404, headers });
    return new Response(new Uint8Array(body), { headers: { ...headers, 'content-type': contentTypeOf(file) } });
  });
}
