/** One item of a bill. */
export interface CostLine {
  item: string;
  quantity: number;
  unit: string;
  /** Of one unit. */
  price: number;
  /** quantity × price. */
  amount: number;
  /** The figure of the run that the quantity comes from, e.g. `onDemandMbMs 812000 / 1024000`. */
  from: string;
}

/** From which rate on one always-on replica is cheaper than a function. */
export interface BreakEven {
  /** Of the run, from which the cost of one is known. */
  requests: number;
  perRequest: number;
  /** What the function costs by the hour whatever comes: provisioned concurrency. */
  standingPerHour: number;
  alwaysOn: { kind: string; price: number; machine: string };
  /** Null: never; it costs more even without requests, or requests cost nothing. */
  ratePerSec: number | null;
  curve: { ratePerSec: number; functionPerMonth: number; alwaysOnPerMonth: number }[];
}

/** What a run cost at the prices of a sheet. Amounts in its currency. */
export interface RunCosts {
  sheet: { id: string; title: string; asOf: string; currency: string; sources: string[]; isEdited: boolean };
  amount: number;
  /** If a month of 730 hours went on as the run did. */
  perMonth: number | null;
  /** By id of the node; those without a price are left out. */
  nodes: Record<string, { amount: number; lines: CostLine[] }>;
  /** Of nodes that are billed for what they execute. */
  breakEven: Record<string, BreakEven>;
}
