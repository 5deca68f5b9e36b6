import { createHttpExchanges, type ExchangePlan, type HttpExchanges } from '../../runtime/links/http-exchanges.ts';
import type { HttpHead } from '../../runtime/links/http-head.ts';
import type { LinkFault, Shared } from '../stage.ts';
import type { HttpMatch } from './match-schema.ts';
import { createHttpMatcher } from './matcher.ts';

/** What the link is told of a fault on an HTTP edge. */
export type LinkHttpParameters<Parameters extends HttpMatch> = Parameters & {
  /** Of the requests that fit. */
  probability: number;
  /** The edge, which is where its failures begin. */
  hop: string;
};

interface PlanContext<Parameters> {
  parameters: Parameters;
  random(): number;
  /** Adds to a figure of the requests that were chosen with these parameters; `actedNow` is one that every fault has. */
  count(figure: string, by?: number): void;
}

interface Common<Parameters> extends Shared<Parameters> {
  planFor(request: HttpHead): ExchangePlan | null;
}

/** The half in the link of a fault that acts on requests of an HTTP edge and on their answers. */
export const httpLinkFault = <Parameters extends HttpMatch>(
  planOf: (request: HttpHead, context: PlanContext<LinkHttpParameters<Parameters>>) => ExchangePlan,
): LinkFault<LinkHttpParameters<Parameters>, Common<LinkHttpParameters<Parameters>>> => ({
  directions: () => ['upstream', 'downstream'],
  nests: true,
  share({ parameters: initial, random }) {
    let parameters = initial;
    const matcher = createHttpMatcher(initial, initial.probability, random);
    let actedBefore = 0;
    /** Of requests that were chosen with the parameters of now. */
    let figures: Record<string, number> = { actedNow: 0 };
    const counter =
      (own: typeof figures) =>
      (figure: string, by = 1) => {
        own[figure] = (own[figure] ?? 0) + by;
      };
    let count = counter(figures);
    return {
      planFor: (request) => (matcher.acts(request) ? planOf(request, { parameters, random, count }) : null),
      update(changed) {
        if (JSON.stringify(changed) === JSON.stringify(parameters)) return;
        parameters = changed;
        matcher.update(changed);
        actedBefore += figures.actedNow ?? 0;
        figures = { actedNow: 0 };
        count = counter(figures);
      },
      measured: () => ({ ...matcher.measured(), acted: actedBefore + (figures.actedNow ?? 0), ...figures }),
    };
  },
  createStage({ shared, emit, now, schedule, ofConnection, isNew, direction }) {
    const exchanges = ofConnection<HttpExchanges>(() =>
      createHttpExchanges({ planFor: shared.planFor, now, schedule, isNew }),
    );
    return { ...exchanges[direction](emit), update() {} };
  },
});
