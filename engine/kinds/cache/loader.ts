import { createCallCounters } from '../../process-kit/call-counters.ts';
import { CallFailure } from '../../process-kit/call-failure.ts';
import { createCallers } from '../../process-kit/callers.ts';
import type { EdgeCalls, WiredEdge } from '../../process-kit/protocol.ts';
import { LOAD_FAILED } from '../../process-kit/redis-failure.ts';
import { createSingleFlight } from '../../process-kit/single-flight.ts';
import type { Command } from '../../wire/resp/command.ts';
import { commandTable } from '../../wire/resp/commands/index.ts';
import { RespError } from '../../wire/resp/errors.ts';
import type { ReadThroughRule } from './loader-schema.ts';

/** What the cache loads by itself. */
export interface Loader {
  /** GET that asks behind the cache for a key which is not there, if a rule matches it. */
  readonly command: Command;
  readonly counters: { loads: number; loadsCoalesced: number; loadsFailed: number };
  /** Once for each frame: what went along its edges. */
  calls(): Record<string, EdgeCalls>;
  wire(edges: WiredEdge[]): void;
  close(): Promise<void>;
}

interface Rule extends ReadThroughRule {
  /** The path for a key, or null when the key is none of this rule's. */
  pathFor(key: string): string | null;
}

export function createLoader(options: {
  nodeId: string;
  rules: readonly ReadThroughRule[];
  edges: WiredEdge[];
  random?: () => number;
}): Loader {
  const { nodeId, random = Math.random } = options;
  const rules = options.rules.map(compile);
  const callers = createCallers(nodeId);
  const calls = createCallCounters();
  const flights = createSingleFlight<string>();
  const counters = { loads: 0, loadsCoalesced: 0, loadsFailed: 0 };
  callers.wire(options.edges);

  const fetchValue = async (rule: Rule, path: string): Promise<string> => {
    counters.loads += 1;
    try {
      const { caller } = callers.get('http', rule.edge);
      const { body } = await calls.count(rule.edge, () => caller.fetch({ method: 'GET', path }, { keepBody: true }));
      return Buffer.from(body).toString('latin1');
    } catch (error) {
      counters.loadsFailed += 1;
      if (!(error instanceof CallFailure)) throw error;
      throw new RespError(`${LOAD_FAILED} ${error.reason} ${error.hop} ${error.message}`);
    }
  };

  const get = commandTable().get('get') as Command;
  const command: Command = {
    ...get,
    run(args, context) {
      const found = get.run(args, context);
      const key = args[1] as string;
      if (found !== null) return found;
      for (const rule of rules) {
        const path = rule.pathFor(key);
        if (path === null) continue;
        const load = async (): Promise<string> => {
          const value = await fetchValue(rule, path);
          const { ttlMs, ttlJitter } = rule;
          const lifeMs = ttlMs === null ? null : Math.max(1, Math.round(ttlMs * (1 + ttlJitter * (2 * random() - 1))));
          context.database.set(key, value, lifeMs === null ? undefined : context.server.keyspace.now() + lifeMs);
          return value;
        };
        if (!rule.singleFlight) return load();
        const { joined, done } = flights.run(`${context.session.database} ${key}`, load);
        if (joined) counters.loadsCoalesced += 1;
        return done;
      }
      return null;
    },
  };

  return { command, counters, calls: () => calls.read(callers.all()), wire: callers.wire, close: callers.close };
}

function compile(rule: ReadThroughRule): Rule {
  const names: string[] = [];
  const pattern = rule.keys
    .split(/\{([A-Za-z0-9_-]+)\}/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(part);
      return '([^:]+)';
    })
    .join('');
  const matcher = new RegExp(`^${pattern}$`);
  return {
    ...rule,
    pathFor(key) {
      const found = matcher.exec(Buffer.from(key, 'latin1').toString());
      if (!found) return null;
      const values = new Map(names.map((name, index) => [name, found[index + 1] as string]));
      return rule.path.replace(/\{([A-Za-z0-9_-]+)\}/g, (_, name: string) =>
        encodeURIComponent(values.get(name) ?? ''),
      );
    },
  };
}
