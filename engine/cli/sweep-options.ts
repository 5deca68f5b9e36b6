import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { schemaErrors } from '../model/issues.ts';
import { type Sweep, sweepSchema } from '../model/sweep.ts';
import { parseDuration, parseSeed } from './arguments.ts';
import { pick } from './load-document.ts';

/** How the command line says what is to be swept. */
export interface SweepOptions {
  name?: string;
  file?: string;
  knee?: boolean;
  replicas?: string;
  grid?: string;
  hysteresis?: number[];
  scenario?: string;
  from?: number;
  to?: number;
  resolution?: number;
  slo?: { percentile: number; latencyMs: number };
  counts?: number[];
  users?: number;
  repetitions?: number;
  timeouts?: number[];
  attempts?: number[];
  rate?: number;
  warmUp?: number;
  measure?: number;
  seed?: number;
}

export const addSweepOptions = (command: Command): Command =>
  command
    .option('--name <name>', 'sweep of the document (default: the first)')
    .option('--file <file>', 'JSON file with a sweep, instead of one in the document')
    .option('--knee', 'find the rate up to which all is served')
    .option(
      '--replicas <node>',
      'measure the throughput with more and more replicas of a node, and fit the scalability law',
    )
    .option('--grid <edge>', 'try each timeout with each number of attempts on an edge')
    .option('--hysteresis <rates>', 'go through these rates upwards and down again, such as 10,20,40', parseNumbers)
    .option('--scenario <name>', 'scenario whose clients and routes are used (default: the first)')
    .option('--from <rate>', 'knee: first rate, per second', parseNumber)
    .option('--to <rate>', 'knee: last rate, per second', parseNumber)
    .option('--resolution <share>', 'knee: how closely it is to be known, such as 0.05', parseNumber)
    .option('--slo <objective>', 'knee, hysteresis: such as p99:250ms', parseSlo)
    .option('--counts <numbers>', 'replicas: such as 1,2,4,8', parseNumbers)
    .option('--users <number>', 'replicas: users for each of them', parseNumber)
    .option('--repetitions <number>', 'replicas: measurements of each number', parseNumber)
    .option('--timeouts <ms>', 'grid: such as 100,200,400', parseNumbers)
    .option('--attempts <numbers>', 'grid: attempts in all, such as 1,2,3', parseNumbers)
    .option('--rate <rate>', 'grid: arrivals per second', parseNumber)
    .option('--warm-up <time>', 'before each measurement', parseDuration)
    .option('--measure <time>', 'each measurement', parseDuration)
    .option('--seed <number>', 'seed of arrivals and routes (default: as the scenario says)', parseSeed);

/** The sweep that is asked for: of the document, of a file, or put together from options. */
export async function sweepOf(options: SweepOptions, document: ArchipelDocument): Promise<Sweep> {
  const ways = [options.knee, options.replicas, options.grid, options.hysteresis, options.file].filter(
    (way) => way !== undefined,
  );
  if (ways.length > 1)
    throw new ArchipelError(
      'document-invalid',
      'More than one sweep is asked for.',
      'Use one of --knee, --replicas, --grid, --hysteresis and --file.',
    );
  const raw = options.file === undefined ? ownSweep(options) : await readSweep(options.file);
  if (raw === null) return { ...pick(document.sweeps, options.name, 'sweep'), ...given(timing(options)) };
  const whole = { name: 'sweep', scenario: options.scenario ?? document.scenarios[0]?.name ?? '', ...raw };
  const parsed = sweepSchema.safeParse(whole);
  if (parsed.success) return parsed.data;
  const errors = schemaErrors(sweepSchema, whole, '$');
  throw new ArchipelError(
    'document-invalid',
    `the sweep cannot be run: ${errors.map(({ path, message }) => `${path}: ${message}`).join('; ')}`,
    errors[0]?.nextStep ?? 'Correct it.',
    { errors },
  );
}

const timing = ({ warmUp, measure, seed }: SweepOptions) => ({ warmUpMs: warmUp, measureMs: measure, seed });

function ownSweep(options: SweepOptions): Record<string, unknown> | null {
  const { slo } = options;
  if (options.knee)
    return given({
      type: 'knee',
      ...timing(options),
      ...{ startRatePerSec: options.from, maxRatePerSec: options.to, resolution: options.resolution, slo },
    });
  if (options.replicas !== undefined)
    return given({
      type: 'replicas',
      node: options.replicas,
      ...timing(options),
      ...{ replicas: options.counts, usersPerReplica: options.users, repetitions: options.repetitions },
    });
  if (options.grid !== undefined)
    return given({
      type: 'retries-timeout',
      edge: options.grid,
      ...timing(options),
      ...{ timeoutsMs: options.timeouts, attempts: options.attempts, ratePerSec: options.rate },
    });
  if (options.hysteresis !== undefined)
    return given({ type: 'hysteresis', ratesPerSec: options.hysteresis, ...timing(options), slo });
  return null;
}

/** Without what was not given, so that the defaults of the schema hold. */
const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

async function readSweep(file: string): Promise<Record<string, unknown>> {
  const unreadable = (cause: unknown): ArchipelError =>
    new ArchipelError(
      'document-unreadable',
      `the sweep ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Check the path, and that it is one JSON object.',
      { cause },
    );
  const value: unknown = await readFile(file, 'utf8')
    .then((text) => JSON.parse(text))
    .catch((cause: unknown) => {
      throw unreadable(cause);
    });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable('it is no object');
  return value as Record<string, unknown>;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It is no number.');
  return value;
}

function parseNumbers(text: string): number[] {
  return text.split(',').map(parseNumber);
}

function parseSlo(text: string): { percentile: number; latencyMs: number } {
  const [, percentile, time] = /^p(\d+(?:\.\d+)?):(.+)$/.exec(text) ?? [];
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(time ?? '') ?? [];
  if (percentile === undefined || amount === undefined)
    throw new InvalidArgumentError('An objective is a percentile and a time, such as p99:250ms.');
  return { percentile: Number(percentile), latencyMs: Number(amount) * (unit === 's' ? 1000 : 1) };
}
