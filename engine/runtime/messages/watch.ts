import {
  type Balance,
  createMessageLedger,
  type MessageFlow,
  type SubscriptionName,
} from '../../metrics/messages/ledger.ts';
import { ArchipelError } from '../../model/error.ts';
import type { Peek, PeekedPage } from '../../model/peek.ts';
import type { Rewind } from '../../model/rewind.ts';
import { machineMs } from '../../process-kit/machine-clock.ts';
import type { BrokerSight, DestinationSeen } from '../launch.ts';
import { createJournals, type Noted } from './journals.ts';
import { type MessageDocument, shapeOf } from './shape.ts';

/** What is known of the messages of a running topology. */
export interface MessageWatch {
  /** Looks at once, and resolves when journals and brokers have been asked. */
  settle(): Promise<void>;
  balances(): Balance[];
  edges(): ReadonlyMap<string, { flow: MessageFlow; lost: number }>;
  /** What a broker holds, as it was last asked; null where it does not answer. */
  seen(broker: string): readonly DestinationSeen[] | null;
  /** Sets the position of a group back; what it handles again counts as replayed. Resolves with how many messages come again. */
  rewind(of: Rewind): Promise<number>;
  /** What lies in a destination of a broker, which stays as it is. */
  peek(of: Peek): Promise<PeekedPage>;
  stop(): void;
}

const PASS_MS = 200;
const LOOK_MS = 500;
/** A broker spends at most this share of its time on our questions about single messages. */
const QUESTION_SHARE = 0.05;

/**
 * Reads journals and asks brokers, several times a second, for as long as the topology runs. Where no broker is in the
 * document, there is nothing to read and nobody to ask.
 */
export function createMessageWatch(options: {
  directory: string;
  document(): MessageDocument;
  /** The sight of a broker that is up; null for any other. */
  sightOf(broker: string): BrokerSight | null;
  /** Whether the process is one of the topology and lives. */
  lives(pid: number): boolean;
  onPass(): void;
}): MessageWatch {
  const ledger = createMessageLedger();
  const journals = createJournals(options.directory);
  const seen = new Map<string, readonly DestinationSeen[] | null>();
  /** Read, and newer than the pass that read them. */
  let ahead: Noted[] = [];
  const writers = new Map<string, number>();
  const askAgainAtMs = new Map<string, number>();
  let shaped: { document: MessageDocument; shape: ReturnType<typeof shapeOf> } | null = null;
  let lookedAtMs = 0;
  let balances: Balance[] = [];
  let edges: ReadonlyMap<string, { flow: MessageFlow; lost: number }> = new Map();
  let stopped = false;

  const shapeNow = (): ReturnType<typeof shapeOf> => {
    const document = options.document();
    if (document === shaped?.document) return shaped.shape;
    shaped = { document, shape: shapeOf(document) };
    ledger.shape(shaped.shape);
    return shaped.shape;
  };

  /** Whatever was written before `fromMs` is taken in, in the order of its time. */
  const readJournals = (): void => {
    shapeNow();
    // Who is gone by now has written all that it will ever write.
    const gone = [...writers].filter(([, pid]) => !options.lives(pid));
    const fromMs = machineMs();
    const read = [...ahead, ...journals.read()];
    const timeOf = ({ event }: Noted): number => ('atMs' in event ? event.atMs : 0);
    const known = read.filter((noted) => timeOf(noted) <= fromMs);
    ahead = read.filter((noted) => timeOf(noted) > fromMs);
    for (const { journal, pid } of read) writers.set(journal, pid);
    // Ways of publishing and consuming come before what goes along them.
    known.sort((a, b) => timeOf(a) - timeOf(b));
    for (const { journal, event } of known) ledger.take(journal, event);
    for (const [journal] of gone) {
      ledger.ended(journal);
      writers.delete(journal);
    }
    ledger.tick(fromMs);
  };

  const nameOf = ({ broker, destination, subscription }: SubscriptionName): string =>
    `${broker} ${destination} ${subscription}`;

  const ask = async (of: SubscriptionName, isUrgent: boolean): Promise<void> => {
    if (!isUrgent && machineMs() < (askAgainAtMs.get(nameOf(of)) ?? 0)) return;
    const sight = options.sightOf(of.broker);
    const beganMs = machineMs();
    const asked = ledger.candidates(of, beganMs);
    if (!sight || asked.length === 0) return;
    const findings = await sight.held(of, asked).catch(() => null);
    const tookMs = machineMs() - beganMs;
    askAgainAtMs.set(nameOf(of), machineMs() + Math.max(LOOK_MS, tookMs / QUESTION_SHARE));
    if (!findings) return;
    // Whoever has taken one of them meanwhile wrote that down before.
    readJournals();
    ledger.found(of, { asked, ...findings });
  };

  const look = async (isUrgent: boolean): Promise<void> => {
    for (const broker of shapeNow().brokers) {
      const sight = options.sightOf(broker);
      seen.set(broker, sight && (await sight.look().catch(() => null)));
    }
    for (const of of ledger.subscriptions()) await ask(of, isUrgent);
  };

  const pass = async (isUrgent: boolean): Promise<void> => {
    if (stopped || shapeNow().brokers.length === 0) return;
    readJournals();
    if (isUrgent || machineMs() - lookedAtMs >= LOOK_MS) {
      lookedAtMs = machineMs();
      await look(isUrgent);
    }
    if (stopped) return;
    balances = ledger.balances();
    edges = ledger.edges();
    options.onPass();
  };

  let last: Promise<void> = Promise.resolve();
  const next = (isUrgent: boolean): Promise<void> => {
    last = last.then(() => pass(isUrgent)).catch((error: unknown) => console.error('messages:', error));
    return last;
  };
  let timer: NodeJS.Timeout | null = null;
  const again = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void next(false).finally(again), PASS_MS);
    timer.unref();
  };
  again();

  const rewind = async ({ node: broker, destination, group, from }: Rewind): Promise<number> => {
    const sight = options.sightOf(broker);
    if (!sight?.rewind)
      throw new ArchipelError(
        'wrong-state',
        `"${broker}" is not up, or has nothing that can be read again.`,
        'Wait until it is ready; of brokers, Kafka and the streams of Redis keep what was read.',
      );
    readJournals();
    // Before the broker hands anything out again.
    const rewinding = ledger.rewind({ broker, destination, subscription: group });
    try {
      const messages = await sight.rewind({ destination, group, from });
      // What was published before the broker had set it back may have been read twice.
      readJournals();
      if (messages === 0) rewinding.withdraw();
      else rewinding.end();
      return messages;
    } catch (error) {
      rewinding.withdraw();
      throw error;
    }
  };

  return {
    settle: () => next(true),
    rewind(of) {
      const rewound = last.then(() => rewind(of));
      last = rewound.then(
        () => {},
        () => {},
      );
      return rewound;
    },
    async peek({ node: broker, ...of }) {
      const sight = options.sightOf(broker);
      if (sight)
        return sight.peek(of).catch((error: unknown) => {
          throw unanswered(broker, error);
        });
      throw new ArchipelError(
        'wrong-state',
        `"${broker}" is not up, so nobody knows what it holds.`,
        'Wait until it is ready, or restart it.',
      );
    },
    balances: () => balances,
    edges: () => edges,
    seen: (broker) => seen.get(broker) ?? null,
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      // A pass that is under way may still read.
      void last.finally(() => journals.close());
    },
  };
}

const unanswered = (broker: string, error: unknown): ArchipelError =>
  new ArchipelError(
    'wrong-state',
    `"${broker}" did not show its messages: ${error instanceof Error ? error.message : error}.`,
    'It may be paused, slow or cut off by a fault: take that off it, and look again.',
  );
