import type { Session } from '../model/executors/fields.ts';
import type { TrafficRoute } from '../model/traffic-route.ts';
import { sampleMs } from '../process-kit/work.ts';
import { createRandom, streamOf } from './random.ts';
import { sampleBytes } from './sizes.ts';
import { type RankSampler, uniformRank, zipfRank } from './zipf.ts';

/** All that one user draws. Each purpose has a stream of its own: another route shifts neither keys nor think times. */
export interface Draws {
  /** Index of a route, by weight. */
  route(): number;
  /** Values of the parameters of a route, in their order. */
  keys(route: number): number[];
  bodyBytes(route: number): number;
  thinkMs(): number;
}

/** Draws of user `member`. */
export type Drawing = (member: number) => Draws;

export function createDrawing(options: {
  seed: number;
  routes: readonly Pick<TrafficRoute, 'method' | 'path' | 'weight' | 'parameters' | 'bodyBytes'>[];
  session: Session;
}): Drawing {
  const { seed, session } = options;
  const total = options.routes.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  const bounds = options.routes.map(({ weight }) => {
    sum += weight;
    return sum / total;
  });
  const routes = options.routes.map(({ method, path, parameters, bodyBytes }) => ({
    bodyBytes,
    bodyStream: streamOf(`body ${method} ${path}`),
    parameters: parameters.map(({ name, keys, skew }) => ({
      rank: skew === 0 ? uniformRank(keys) : zipfRank(keys, skew),
      stream: streamOf(`key ${name} ${method} ${path}`),
    })),
  }));
  const routeStream = streamOf('routes');
  const thinkStream = streamOf('think time');

  return (member) => {
    const streams = new Map<number, () => number>();
    const streamFor = (stream: number): (() => number) => {
      let random = streams.get(stream);
      if (!random) {
        random = createRandom(seed, stream, member);
        streams.set(stream, random);
      }
      return random;
    };
    const routeRandom = createRandom(seed, routeStream, member);

    return {
      route() {
        const value = routeRandom();
        let route = 0;
        // The last bound may fall short of 1 by rounding.
        while (route < bounds.length - 1 && value >= (bounds[route] as number)) route += 1;
        return route;
      },
      keys: (route) =>
        (routes[route]?.parameters ?? []).map(({ rank, stream }: { rank: RankSampler; stream: number }) =>
          rank(streamFor(stream)),
        ),
      bodyBytes(route) {
        const drawn = routes[route];
        return drawn ? sampleBytes(drawn.bodyBytes, streamFor(drawn.bodyStream)) : 0;
      },
      thinkMs: () => sampleMs(session.thinkTime, streamFor(thinkStream)),
    };
  };
}
