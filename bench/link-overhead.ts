import { median } from './figures.ts';
import { dial, pingPong, quantile, startEcho, startHaproxy, startLink, startPipeProxy } from './link-set-up.ts';

const ROUNDS = 25;
const PINGS = 1500;

/**
 * What a link without a fault adds to the p50 of one keep-alive connection in ping-pong, against HAProxy and a plain
 * `socket.pipe` proxy. Each round measures every way once, in turn and in changing order; ratios are taken within a
 * round and their median counts, because other work on the machine changes from round to round.
 */
export default async function linkOverhead() {
  const echo = await startEcho();
  const ways = {
    direct: echo,
    link: await startLink(echo.port),
    pipe: await startPipeProxy(echo.port),
    haproxy: await startHaproxy(echo.port),
  };
  const names = (Object.keys(ways) as (keyof typeof ways)[]).filter((name) => ways[name] !== null);
  const sockets = new Map(
    await Promise.all(names.map(async (name) => [name, await dial((ways[name] as { port: number }).port)] as const)),
  );
  const added: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  const directUs: number[] = [];

  try {
    for (const socket of sockets.values()) await pingPong(socket, 2 * PINGS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const p50Us: Record<string, number> = {};
      for (let i = 0; i < names.length; i += 1) {
        const name = names[(round + i) % names.length] as keyof typeof ways;
        p50Us[name] = quantile(await pingPong(sockets.get(name) as never, PINGS), 0.5) * 1000;
      }
      directUs.push(p50Us.direct as number);
      for (const name of names) added[name]?.push((p50Us[name] as number) - (p50Us.direct as number));
    }
  } finally {
    for (const socket of sockets.values()) socket.destroy();
    for (const way of Object.values(ways).reverse()) await way?.stop();
  }

  const against = (name: 'haproxy' | 'pipe', limit: number) => {
    const value = median((added.link as number[]).map((linkUs, round) => linkUs / (added[name]?.[round] as number)));
    const inUs = (way: string): string => `${median(added[way] as number[]).toFixed(1)} µs`;
    return {
      metric: `p50 added by a link / by ${name === 'haproxy' ? `HAProxy ${ways.haproxy?.version}` : 'a plain socket.pipe proxy'}`,
      value: Number(value.toFixed(3)),
      limit,
      comparison: '<=' as const,
      holds: value <= limit,
      detail: `link + ${inUs('link')}, ${name} + ${inUs(name)}, direct ${median(directUs).toFixed(1)} µs; ${ROUNDS} rounds of ${PINGS}`,
    };
  };
  return {
    name: 'link-overhead',
    results: [...(ways.haproxy ? [against('haproxy', 1.2)] : []), against('pipe', 1.1)],
    ...(ways.haproxy
      ? {}
      : { skipped: 'HAProxy is not installed (not on PATH, not in /usr/sbin): only the plain proxy was compared.' }),
  };
}

if (import.meta.main) console.log(JSON.stringify(await linkOverhead(), null, 2));
