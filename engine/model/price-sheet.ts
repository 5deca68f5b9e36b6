import { z } from 'zod';

/** Prices of what is measured while it is executed, each for one unit, in the currency of the sheet. */
export const unitPrices = {
  lambdaRequest: 'Lambda, a request',
  lambdaGbSecond: 'Lambda, a GB-second on demand',
  lambdaProvisionedGbSecond: 'Lambda, a GB-second in a provisioned environment',
  lambdaProvisionedCapacityGbSecond: 'Lambda, a GB-second of provisioned concurrency, used or not',
  workersRequest: 'Workers, a request',
  workersCpuMs: 'Workers, a millisecond of CPU time',
  fluidInvocation: 'Vercel, an invocation',
  fluidCpuHour: 'Vercel, an hour of active CPU time',
  fluidGbHour: 'Vercel, a GB-hour of environments with requests',
} as const;

export type UnitPrice = keyof typeof unitPrices;

/** A list of prices of one provider, region and day. */
export interface PriceSheet {
  id: string;
  title: string;
  /** The day of which the prices are, as YYYY-MM-DD. */
  asOf: string;
  currency: 'USD';
  /** Where the provider publishes them. */
  sources: readonly string[];
  /** Which of its prices somebody has found again, and where; what stands in none of them rests on the sources alone. */
  confirmed: readonly { prices: readonly string[]; at: string; pageOf: 'provider' | 'others' }[];
  unit: Readonly<Record<UnitPrice, number>>;
  /** By kind: what one replica costs by the hour, and the machine that stands for it. */
  hourly: Readonly<Record<string, { price: number; machine: string }>>;
}

/** One virtual CPU and 2 GB on AWS Fargate: 0.04048 for the CPU, 0.004445 for each GB. A replica of ours can use one core. */
const FARGATE_TASK = { price: 0.04048 + 2 * 0.004445, machine: 'AWS Fargate task, 1 vCPU, 2 GB, Linux on x86' };
const SMALL_CACHE = { price: 0.016, machine: 'Amazon ElastiCache, cache.t4g.micro' };

/** List prices without free tiers, discounts for volume, taxes, storage and data transfer. A new sheet is a new entry; what is here stays as it was. */
export const priceSheets: readonly PriceSheet[] = [
  {
    id: 'aws-us-east-1-2025-08',
    title: 'AWS, US East (N. Virginia), Cloudflare Workers and Vercel',
    asOf: '2025-08-01',
    currency: 'USD',
    sources: [
      'https://aws.amazon.com/lambda/pricing/',
      'https://aws.amazon.com/fargate/pricing/',
      'https://aws.amazon.com/rds/postgresql/pricing/',
      'https://aws.amazon.com/elasticache/pricing/',
      'https://aws.amazon.com/elasticloadbalancing/pricing/',
      'https://developers.cloudflare.com/workers/platform/pricing/',
      'https://vercel.com/docs/functions/usage-and-pricing',
    ],
    confirmed: [
      {
        prices: ['workersRequest', 'workersCpuMs'],
        at: 'https://developers.cloudflare.com/workers/platform/pricing/',
        pageOf: 'provider',
      },
      {
        prices: ['fluidInvocation', 'fluidCpuHour', 'fluidGbHour'],
        at: 'https://vercel.com/docs/fluid-compute/pricing, region iad1, in a copy',
        pageOf: 'provider',
      },
      // Amazon's page fills its tables in by script, so that a copy of it holds only the prices of its worked examples.
      { prices: ['lambdaRequest'], at: 'https://aws.amazon.com/lambda/pricing/', pageOf: 'provider' },
      {
        prices: ['lambdaGbSecond', 'lambdaProvisionedGbSecond', 'lambdaProvisionedCapacityGbSecond'],
        at: "excerpts of AWS's price list, with its rate codes, in public repositories",
        pageOf: 'others',
      },
      {
        prices: ['server', 'service', 'command', 'broker-rabbitmq', 'broker-kafka'],
        at: 'https://www.vantage.sh/blog/fargate-pricing, https://www.wring.co/blog/aws-fargate-pricing-guide',
        pageOf: 'others',
      },
      {
        prices: ['gateway'],
        at: 'https://cloud-horizons.com/blog/alb-the-line-item-nobody-watches/',
        pageOf: 'others',
      },
      {
        prices: ['database'],
        at: 'https://infratally.com/articles/aws-rds-pricing-explained-2026.html',
        pageOf: 'others',
      },
      { prices: ['cache', 'broker-redis'], at: 'price tables in public repositories', pageOf: 'others' },
    ],
    unit: {
      lambdaRequest: 0.2 / 1e6,
      lambdaGbSecond: 0.0000166667,
      lambdaProvisionedGbSecond: 0.0000097222,
      lambdaProvisionedCapacityGbSecond: 0.0000041667,
      workersRequest: 0.3 / 1e6,
      workersCpuMs: 0.02 / 1e6,
      fluidInvocation: 0.6 / 1e6,
      fluidCpuHour: 0.128,
      fluidGbHour: 0.0106,
    },
    hourly: {
      gateway: { price: 0.0225, machine: 'Application Load Balancer, without capacity units' },
      server: FARGATE_TASK,
      service: FARGATE_TASK,
      command: FARGATE_TASK,
      database: { price: 0.016, machine: 'Amazon RDS for PostgreSQL, db.t4g.micro, one zone' },
      cache: SMALL_CACHE,
      'broker-redis': SMALL_CACHE,
      // One's own on such a machine; the prices of Amazon MQ and MSK could be confirmed nowhere.
      'broker-rabbitmq': FARGATE_TASK,
      'broker-kafka': FARGATE_TASK,
    },
  },
];

const [newest] = priceSheets;
if (!newest) throw new Error('there is no price sheet');

const price = z.number().min(0).max(1_000_000);

/** Prices of a document: a sheet, and what is different in it. */
export const pricesSchema = z.strictObject({
  sheet: z
    .enum(priceSheets.map(({ id }) => id) as [string, ...string[]])
    .default(newest.id)
    .meta({ title: 'Price sheet', description: 'Whose list prices count, and of which day.' }),
  unit: z
    .strictObject(
      Object.fromEntries(
        Object.entries(unitPrices).map(([id, title]) => [id, price.optional().meta({ title })]),
      ) as Record<UnitPrice, z.ZodOptional<typeof price>>,
    )
    .prefault({})
    .meta({ title: 'Other prices of units', description: 'In place of those of the sheet.' }),
  hourly: z.record(z.string(), price).default({}).meta({
    title: 'Other prices by the hour',
    description: 'By kind, such as "service": what one replica costs, in place of the sheet. 0: it costs nothing.',
  }),
  nodes: z.record(z.string(), price).default({}).meta({
    title: 'Prices of nodes by the hour',
    description: 'By id of a node: what one replica of it costs, in place of its kind.',
  }),
});

export type Prices = z.output<typeof pricesSchema>;

/** The sheet of a document with its changes. */
export interface EffectivePrices {
  sheet: PriceSheet;
  /** Something in it differs from the sheet. */
  isEdited: boolean;
  unit(price: UnitPrice): number;
  /** Of one replica by the hour; null where it costs nothing by itself. */
  hourly(node: { id: string; kind: string }): { price: number; machine: string } | null;
}

export function effectivePrices(prices: Prices | undefined): EffectivePrices {
  const { unit = {}, hourly = {}, nodes = {} } = prices ?? {};
  const sheet = priceSheets.find(({ id }) => id === prices?.sheet) ?? (newest as PriceSheet);
  return {
    sheet,
    isEdited: [unit, hourly, nodes].some((changes) => Object.values(changes).some((value) => value !== undefined)),
    unit: (id) => unit[id] ?? sheet.unit[id],
    hourly({ id, kind }) {
      const changed = nodes[id] ?? hourly[kind];
      if (changed !== undefined) return { price: changed, machine: 'as the document says' };
      return sheet.hourly[kind] ?? null;
    },
  };
}
