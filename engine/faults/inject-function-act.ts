import type { ProcessTarget } from './inject.ts';
import { injectAct } from './inject-act.ts';
import { untilMeasured } from './until-measured.ts';

/** What the platform of a function counts by itself, whatever a fault says that it has done. */
type Counters = Record<string, number>;

const countersOf = async (target: ProcessTarget): Promise<Counters> =>
  (await target.call('function-counters', null)) as Counters;

/** The injector of a fault on a function: the platform itself must have counted what the fault is to bring about. */
export const injectFunctionAct = <Parameters>(
  fault: string,
  options: {
    counter: string;
    /** What there is more of, e.g. "cold starts". */
    counted: string;
    /** What the fault looks at, e.g. "invocations". */
    seen: string;
    /** So long is waited for one that it can act on. */
    lookMs?: number;
    /** More that must have been measured, with what shows it. */
    also?(counters: Counters, before: Counters, parameters: Parameters): { holds: boolean; evidence: string };
  },
) =>
  injectAct<Parameters>(fault, {
    async before({ target, notes }) {
      Object.assign(notes, await countersOf(target));
    },
    async effect({ target, state, notes, parameters }) {
      const { counter, lookMs = 3000, also } = options;
      const before = notes as Counters;
      let counters = before;
      const grown = (): number => (counters[counter] ?? 0) - (before[counter] ?? 0);
      const acted = await untilMeasured(
        async () => {
          counters = await countersOf(target);
          return state();
        },
        (measured) => (measured.acted ?? 0) > 0 && grown() > 0,
        lookMs,
      );
      const more = also?.(counters, before, parameters) ?? { holds: true, evidence: '' };
      const { seen = 0, acted: did = 0 } = acted;
      return {
        holds: did > 0 && grown() > 0 && more.holds,
        evidence:
          seen === 0
            ? `no ${options.seen} came within ${lookMs} ms`
            : `it acted on ${did} of ${seen} ${options.seen}, and the platform counted ${grown()} ${options.counted} more${more.evidence}`,
      };
    },
  });
