import { type Command, InvalidArgumentError } from 'commander';
import type { FaultStatus } from '../../api/types.ts';
import type { RunningEngine } from '../../documents/running-engines.ts';
import { ArchipelError } from '../../model/error.ts';
import { targetName } from '../../model/target-name.ts';
import { parseDuration, parseSeed } from '../arguments.ts';
import { type ConnectedEngine, type ReachedEngines, silence, withRunningEngines } from '../engine-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { addCourseOptions, type CourseOptions, faultCourse, untilFullMs } from '../fault-course.ts';
import { addTargetOptions, faultTarget, type TargetOptions } from '../fault-target.ts';
import { plural, seconds } from '../figures.ts';
import { engineError } from '../problems.ts';
import { createTerminal, type Terminal } from '../terminal.ts';

interface Options {
  engine?: number;
  json?: boolean;
}
interface InjectOptions extends Options, TargetOptions, CourseOptions {
  for: number;
  param?: string[];
  seed?: number;
}

const PROOF_MS = 20_000;
const POLL_MS = 100;
const DEFAULT_LEASE_MS = 20_000;

const help = `
These commands act on every engine of yours that runs: behind a window, \`archipel web\`, a run or an experiment in another
terminal. A fault is held by the engine, and comes off by itself when its time is over, whoever put it on.

Exit codes of \`clear\`: 0 everything is off, and proven to be · 1 a fault did not come off, or an engine did not answer ·
2 there is no such fault · 3 all are off, and the removal of one could not be proven.
Exit codes of \`inject\`: 0 it is on, and its effect proven · 1 it could not be put on · 2 bad input · 3 it is on without proof.`;

export function addFaults(program: Command, act: (work: () => Promise<number>) => Promise<void>): void {
  const faults = program
    .command('faults')
    .description('list the faults that are on, put one on, or take them off, in engines that run')
    .addHelpText('after', help);
  const withEngine = (command: Command): Command =>
    command.option('--engine <pid>', 'only the engine with this process number', parsePid).option('--json', 'as JSON');

  withEngine(faults.command('list').description('the faults of all engines that run')).action((options: Options) =>
    act(() => list(options)),
  );
  withEngine(
    addCourseOptions(
      addTargetOptions(
        faults
          .command('inject')
          .description('put a fault on, and say whether its effect is seen')
          .argument('<fault>', 'id of the fault, such as latency'),
      )
        .option('--for <time>', 'when it comes off by itself', parseDuration, DEFAULT_LEASE_MS)
        .option('--param <name=value...>', 'parameters, e.g. latencyMs=300'),
    ).option('--seed <number>', 'seed of its random choices', parseSeed),
  ).action((fault: string, options: InjectOptions) => act(() => inject(fault, options)));
  withEngine(
    faults
      .command('clear')
      .description('take one fault off, or, without an id, every fault everywhere')
      .argument('[id]', 'id of the fault, as `list` shows it')
      .option('--all', 'every fault; the same as without an id'),
  ).action((id: string | undefined, options: Options & { all?: boolean }) => act(() => clear(id, options)));
}

function parsePid(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('A process number is a whole number.');
  return Number(text);
}

/** `latencyMs=300`, `direction=upstream`, `families=["process"]`. What is no JSON is a word. */
function parameterOf(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new ArchipelError('not-found', `"${text}" is no parameter.`, 'Write it as name=value, e.g. latencyMs=300.');
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

const doors: Record<RunningEngine['door'], string> = { window: 'the window', web: 'archipel web', command: 'a run' };
const nameOf = ({ pid, door, file }: RunningEngine): string =>
  `engine ${pid}, ${doors[door]}${file ? `, ${file}` : ''}`;

const withoutToken = ({ token: _, ...known }: RunningEngine): Omit<RunningEngine, 'token'> => known;

const isOver = ({ endedAtMs }: FaultStatus): boolean => endedAtMs !== null;

async function list({ engine, json }: Options): Promise<number> {
  const terminal = createTerminal(process.stdout);
  return withRunningEngines(engine, async ({ connected, silent }) => {
    const found = await Promise.all(
      connected.map(async ({ engine, client }) => ({ engine, frame: await client.frame.query() })),
    );
    const exitCode = silent.length === 0 ? exitCodes.ok : exitCodes.failed;
    if (json) {
      const told = [
        ...found.map(({ engine, frame }) => ({ ...withoutToken(engine), faults: frame.faults, problem: null })),
        ...silent.map((engine) => ({ ...withoutToken(engine), faults: [], problem: silence(engine).message })),
      ];
      terminal.line(JSON.stringify(told, null, 2));
      return exitCode;
    }
    if (found.length + silent.length === 0) terminal.line('No engine runs.');
    for (const { engine: known, frame } of found) {
      terminal.line(terminal.style('bold', nameOf(known)));
      if (frame.faults.length === 0) terminal.line('  no faults');
      for (const fault of frame.faults) printFault(terminal, fault, frame.atMs);
    }
    for (const known of silent) {
      terminal.line(terminal.style('bold', nameOf(known)));
      printProblem(terminal, silence(known).message);
    }
    return exitCode;
  });
}

function printFault(terminal: Terminal, fault: FaultStatus, atMs: number): void {
  const { id, target, state, expiresAtMs, endedBy, proofOfEffect, proofOfRemoval, error } = fault;
  const inTime = (thenMs: number): string => seconds(Math.max(0, thenMs - atMs));
  const turns = fault.course.schedule ? `, ${turnsOf(fault, inTime)}` : '';
  const when = isOver(fault)
    ? `off${endedBy ? ` (${endedBy})` : ''}`
    : `${state}${turns}, comes off in ${inTime(expiresAtMs)}`;
  terminal.line(`  ${id} on ${targetName(target)}: ${when}`);
  if (proofOfEffect) terminal.line(`    effect ${told(proofOfEffect)}`);
  if (proofOfRemoval) terminal.line(`    removal ${told(proofOfRemoval)}`);
  if (error) terminal.line(`    ${terminal.style('red', error)}`);
}

/** What a fault with a schedule does now. */
const turnsOf = ({ active, activations, nextAtMs }: FaultStatus, inTime: (thenMs: number) => string): string =>
  `${active ? 'acts now' : nextAtMs === null ? 'does not act now' : `acts next in ${inTime(nextAtMs)}`} (${plural(activations, 'turn')} so far)`;

const told = ({ holds, evidence }: { holds: boolean; evidence: string }): string =>
  `${holds ? 'proven' : 'not proven'}: ${evidence}`;

async function inject(fault: string, options: InjectOptions): Promise<number> {
  const terminal = createTerminal(process.stdout);
  const target = faultTarget(options);
  const parameters = Object.fromEntries((options.param ?? []).map(parameterOf));
  const course = faultCourse(options);
  const { seed } = options;
  return withRunningEngines(options.engine, async (engines) => {
    const { engine, client } = theOnly(engines);
    const given = { ...course, ...(seed !== undefined && { seed }) };
    const { id } = await answer(
      client.faults.inject.mutate({ fault, target, parameters, leaseMs: options.for, ...given }),
    );
    const deadlineMs = performance.now() + PROOF_MS + untilFullMs(options);
    for (;;) {
      const frame = await answer(client.frame.query());
      const status = frame.faults.find((candidate) => candidate.id === id);
      const isDecided = !status || status.proofOfEffect || status.state !== 'on' || performance.now() > deadlineMs;
      if (isDecided) {
        if (options.json) terminal.line(JSON.stringify(status ?? null, null, 2));
        else {
          terminal.line(terminal.style('bold', nameOf(engine)));
          if (status) printFault(terminal, status, frame.atMs);
        }
        return status?.proofOfEffect?.holds ? exitCodes.ok : exitCodes.inconclusive;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  });
}

function theOnly({ connected, silent }: ReachedEngines): ConnectedEngine {
  const engines = [...connected.map(({ engine }) => engine), ...silent];
  const [only] = connected;
  if (only && engines.length === 1) return only;
  if (silent[0] && engines.length === 1) throw silence(silent[0]);
  throw new ArchipelError(
    'not-found',
    engines.length === 0
      ? 'No engine runs that could be given a fault.'
      : `Several engines run: ${engines.map(nameOf).join('; ')}.`,
    engines.length === 0
      ? 'Start one: the window, `archipel web`, or a run in another terminal.'
      : 'Say which with --engine PID.',
  );
}

const printProblem = (terminal: Terminal, problem: string): void =>
  terminal.line(`  ${terminal.style('red', 'error')} ${problem}`);

/** What an engine took off, or why it did not answer. */
interface Cleared {
  engine: RunningEngine;
  faults: FaultStatus[];
  problem: string | null;
}

async function clear(
  id: string | undefined,
  { engine, json, all = false }: Options & { all?: boolean },
): Promise<number> {
  const terminal = createTerminal(process.stdout);
  if (id !== undefined && all)
    throw new ArchipelError('not-found', 'Either one fault or all of them.', 'Leave out the id, or --all.');
  return withRunningEngines(engine, async ({ connected, silent }) => {
    const asked = [
      ...(await Promise.all(connected.map((reached) => clearIn(reached, id)))),
      ...silent.map((engine): Cleared => ({ engine, faults: [], problem: silence(engine).message })),
    ];
    const cleared = asked.filter(({ faults, problem }) => id === undefined || faults.length > 0 || problem !== null);
    if (id !== undefined && cleared.length === 0)
      throw new ArchipelError('not-found', `No fault "${id}" is on.`, 'List them with `archipel faults list`.');
    if (json) {
      const result = cleared.map(({ engine, ...rest }) => ({ ...withoutToken(engine), ...rest }));
      terminal.line(JSON.stringify(result, null, 2));
    } else printCleared(terminal, cleared);
    const faults = cleared.flatMap((one) => one.faults);
    if (cleared.some(({ problem }) => problem) || faults.some(({ state }) => state !== 'off')) return exitCodes.failed;
    return faults.every(({ proofOfRemoval }) => proofOfRemoval?.holds) ? exitCodes.ok : exitCodes.inconclusive;
  });
}

async function clearIn({ engine, client }: ConnectedEngine, id: string | undefined): Promise<Cleared> {
  try {
    if (id === undefined) return { engine, faults: await client.faults.clearAll.mutate(), problem: null };
    const { faults } = await client.frame.query();
    const isOn = faults.some((fault) => fault.id === id && !isOver(fault));
    return { engine, faults: isOn ? [await client.faults.clear.mutate({ id })] : [], problem: null };
  } catch (error) {
    return { engine, faults: [], problem: engineError(error).message };
  }
}

function printCleared(terminal: Terminal, cleared: readonly Cleared[]): void {
  const faults = cleared.flatMap((one) => one.faults);
  for (const { engine, faults: own, problem } of cleared) {
    if (own.length === 0 && !problem) continue;
    terminal.line(terminal.style('bold', nameOf(engine)));
    for (const fault of own) printFault(terminal, fault, Date.now());
    if (problem) printProblem(terminal, problem);
  }
  const answered = cleared.filter(({ problem }) => problem === null).length;
  if (answered === 0 && cleared.length > 0) return;
  terminal.line(
    faults.length === 0
      ? `Nothing was on in ${plural(answered, 'running engine')}.`
      : `Took off ${plural(faults.length, 'fault')} in ${plural(answered, 'running engine')}.`,
  );
}

/** The answer of an engine; its error as the engine tells it. */
async function answer<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw remoteError(error);
  }
}

/** What the contract says of an error beside its message. */
function remoteError(error: unknown): ArchipelError {
  const { data, message } = error as { data?: { archipel?: Partial<ArchipelError> | null }; message?: string };
  const known = data?.archipel;
  if (known?.code)
    return new ArchipelError(known.code, known.message ?? '', known.nextStep ?? '', {
      errors: known.errors ?? [],
      cause: error,
    });
  return new ArchipelError(
    'engine-unreachable',
    `The engine did not answer: ${message ?? String(error)}.`,
    'Look with `archipel faults list`.',
    { cause: error },
  );
}
