import { desktop, type EngineAddress } from './desktop.ts';

/** Where the engine is that served a page at `http://127.0.0.1:PORT/#token=…`. */
export function addressOfPage(location: { host: string; hash: string }): EngineAddress {
  const token = new URLSearchParams(location.hash.replace(/^#/, '')).get('token') ?? '';
  return { url: `ws://${location.host}/api`, token };
}

/** Asked before every connection attempt, because a restarted engine has another port and another token. */
export async function socketUrl(): Promise<string> {
  const address = desktop ? await desktop.engine() : addressOfPage(window.location);
  return `${address.url}?token=${encodeURIComponent(address.token)}`;
}
