import type { BreakEven, CostLine, RunCosts } from '../api/types.ts';
import type { BilledCounter } from '../model/definition.ts';
import { type EffectivePrices, effectivePrices, type Prices, unitPrices } from '../model/price-sheet.ts';

const HOUR_MS = 3_600_000;
/** Hours of a month, as providers count it. */
const MONTH_HOURS = 730;
/** The curves reach to this multiple of the rate at which they meet. */
const CURVE_REACH = 2;
const CURVE_POINTS = 20;
/** What a function is held against: one replica of this kind. */
const ALWAYS_ON = 'service';

/** What a node did in a run, as far as it costs anything. */
export interface CostedNode {
  id: string;
  kind: string;
  /** How much its counters grew. */
  grown: Readonly<Record<string, number>>;
  /** Time that its replicas ran, all together. */
  replicaMs: number;
  billed: readonly BilledCounter[];
}

/**
 * What a run cost at the prices of a sheet: counters of the run times prices, and the time of replicas times the price of their
 * machine. Every line names the figure that it comes from. Null when nothing in it has a price.
 */
export function costsOf(nodes: readonly CostedNode[], durationMs: number, prices: Prices | undefined): RunCosts | null {
  const effective = effectivePrices(prices);
  const costed = nodes.map((node) => {
    const lines = [...unitLines(node, effective), ...hourLines(node, effective)];
    return { node, lines, amount: sum(lines) };
  });
  if (costed.every(({ lines }) => lines.length === 0)) return null;
  const amount = costed.reduce((all, each) => all + each.amount, 0);
  const { id, title, asOf, currency, sources } = effective.sheet;
  return {
    sheet: { id, title, asOf, currency, sources: [...sources], isEdited: effective.isEdited },
    amount,
    perMonth: durationMs > 0 ? amount * ((MONTH_HOURS * HOUR_MS) / durationMs) : null,
    nodes: Object.fromEntries(
      costed
        .filter(({ lines }) => lines.length > 0)
        .map(({ node, lines, amount: ofNode }) => [node.id, { amount: ofNode, lines }]),
    ),
    breakEven: Object.fromEntries(
      nodes.flatMap((node) => {
        const found = breakEvenOf(node, effective);
        return found ? [[node.id, found]] : [];
      }),
    ),
  };
}

/** What a node costs by the hour if it goes on as in this stretch of time; null where it has no price. */
export function costPerHourOf(
  node: Omit<CostedNode, 'replicaMs'> & { elapsedMs: number; replicas: number },
  prices: EffectivePrices,
): number | null {
  const ofStretch = { ...node, replicaMs: node.replicas * node.elapsedMs };
  const lines = [...unitLines(ofStretch, prices), ...hourLines(ofStretch, prices)];
  return lines.length === 0 || node.elapsedMs <= 0 ? null : (sum(lines) * HOUR_MS) / node.elapsedMs;
}

const sum = (lines: readonly CostLine[]): number => lines.reduce((all, { amount }) => all + amount, 0);

const unitLines = ({ grown, billed }: CostedNode, prices: EffectivePrices): CostLine[] =>
  billed.map(({ price: id, counter, perUnit, unit }) => {
    const counted = grown[counter] ?? 0;
    const quantity = counted / perUnit;
    const price = prices.unit(id);
    return {
      item: unitPrices[id],
      ...{ quantity, unit, price, amount: quantity * price },
      from: `${counter} ${Math.round(counted)}${perUnit === 1 ? '' : ` / ${perUnit}`}`,
    };
  });

function hourLines({ id, kind, replicaMs }: CostedNode, prices: EffectivePrices): CostLine[] {
  const hourly = prices.hourly({ id, kind });
  if (!hourly || replicaMs <= 0) return [];
  const quantity = replicaMs / HOUR_MS;
  return [
    {
      item: hourly.machine,
      ...{ quantity, unit: 'replica-hour', price: hourly.price, amount: quantity * hourly.price },
      from: `replicaMs ${Math.round(replicaMs)} / ${HOUR_MS}`,
    },
  ];
}

/**
 * From which rate on one always-on replica is cheaper than a node that is billed for what it executes, if each request goes on costing
 * what it cost in the run: rate = (always-on − what is paid whatever comes) / cost of a request.
 */
function breakEvenOf(node: CostedNode, prices: EffectivePrices): BreakEven | null {
  const alwaysOn = prices.hourly({ id: '', kind: ALWAYS_ON });
  const requests = node.grown[node.billed.find(({ isRequest }) => isRequest)?.counter ?? ''] ?? 0;
  if (!alwaysOn || requests === 0) return null;
  const lines = unitLines(node, prices);
  const standing = lines.filter((_, index) => node.billed[index]?.isStanding);
  const perRequest = (sum(lines) - sum(standing)) / requests;
  const standingPerHour = node.replicaMs > 0 ? (sum(standing) * HOUR_MS) / node.replicaMs : 0;
  const left = alwaysOn.price - standingPerHour;
  const ratePerSec = perRequest > 0 && left > 0 ? left / (perRequest * 3600) : null;
  const reachPerSec = CURVE_REACH * (ratePerSec ?? 1);
  return {
    ...{ requests, perRequest, standingPerHour, ratePerSec },
    alwaysOn: { ...alwaysOn, kind: ALWAYS_ON },
    curve: Array.from({ length: CURVE_POINTS + 1 }, (_, point) => {
      const rate = (reachPerSec * point) / CURVE_POINTS;
      return {
        ratePerSec: rate,
        functionPerMonth: (standingPerHour + rate * 3600 * perRequest) * MONTH_HOURS,
        alwaysOnPerMonth: alwaysOn.price * MONTH_HOURS,
      };
    }),
  };
}
