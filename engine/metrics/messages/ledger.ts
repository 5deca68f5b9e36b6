import type { MessageCounts } from '../../api/types.ts';
import type { DeliveryPattern } from '../../model/broker.ts';
import { ArchipelError } from '../../model/error.ts';
import { createIdSet, type IdSet, parseMessageId } from './id-set.ts';
import type { Ending, JournalEvent } from './journal-line.ts';
import { createOrderWatch, type OrderWatch } from './order-watch.ts';

/** What of a document has to do with messages. */
export interface LedgerShape {
  destinations: readonly { broker: string; name: string; pattern: DeliveryPattern; deadLetter?: string | undefined }[];
  /** Of an edge that publishes or delivers. */
  brokerOf: ReadonlyMap<string, string>;
  /** Groups that consume, by what the document says. */
  groups: readonly { broker: string; destination: string; group: string }[];
}

/** Messages of one destination as one subscription gets them. */
export interface Balance extends MessageCounts {
  broker: string;
  destination: string;
  pattern: DeliveryPattern;
  /** A group, or a process that listens to a channel; empty of a queue. */
  subscription: string;
}

/** Counted along one edge: what was published, what was delivered, or both. In the names of `edgeMeasures`. */
export type MessageFlow = Record<string, number>;

export interface Candidate {
  id: string;
  /** Where the broker put it, as it said with the confirmation; empty where it says nothing. */
  position: string;
  /** Whether a consumer has begun it before. */
  wasTaken: boolean;
}

/** Where the open messages of a subscription were found. */
export interface Findings {
  asked: readonly Candidate[];
  held: ReadonlySet<string>;
  /** The broker let go of them by its own rules, such as a greatest length. */
  dropped?: ReadonlySet<string>;
  /** … since they were older than they may be. */
  expired?: ReadonlySet<string>;
  /** … and put them to the dead letters of their queue. */
  deadLettered?: ReadonlySet<string>;
}

interface Message {
  id: string;
  /** Of its publishing. */
  edge: string | null;
  /** Journal of its publisher. */
  journal: string | null;
  sentAtMs: number;
  stored: boolean;
  /** Its publisher still waits for the confirmation. */
  sending: boolean;
  position: string;
}

interface OpenMessage {
  message: Message;
  state: 'waiting' | 'handling' | 'missing';
  /** Journal of the process that has it. */
  by: string | null;
  begun: number;
}

type Counts = Omit<
  Balance,
  'broker' | 'destination' | 'pattern' | 'subscription' | 'inBroker' | 'inFlight' | 'lost' | 'publishing'
>;

interface Subscription {
  name: string;
  open: Map<string, OpenMessage>;
  over: IdSet;
  /** Of those, what the broker said that it let go of, and which a consumer may have in hand all the same. */
  letGo: IdSet;
  /** Of those that are over, and of what was open, what may come again since the group was set back. */
  again: IdSet;
  /** The group is being set back: what is published meanwhile may be read before that takes effect. */
  isRewinding: boolean;
  /** What came again for that reason and is not done yet. */
  replaying: Set<string>;
  /** Met before their publisher told of them. */
  adopted: Set<string>;
  order: OrderWatch;
  counts: Counts;
}

interface DestinationLedger {
  broker: string;
  name: string;
  pattern: DeliveryPattern;
  /** Where its broker puts what is rejected. */
  deadLetter: string | null;
  subscriptions: Map<string, Subscription>;
}

/** On a channel, what was sent so long ago has come or never will; it still counts as done if it does come. */
const CHANNEL_MS = 2000;

const published = ['messagesSent', 'messagesConfirmed', 'messagesRefused', 'messagesUnconfirmed'] as const;
const delivered = [
  ...([
    'messagesDelivered',
    'messagesRedelivered',
    'messagesDone',
    'messagesDuplicated',
    'messagesReplayed',
    'messagesRecognised',
  ] as const),
  ...(['messagesReordered', 'messagesFailedAttempts', 'messagesDeadLettered', 'messagesExpired'] as const),
  'messagesDropped',
] as const;
type Counter = (typeof published)[number] | (typeof delivered)[number];

const countOf = {
  done: 'done',
  recognised: 'done',
  'dead-lettered': 'deadLettered',
  rejected: 'deadLettered',
  expired: 'expired',
  dropped: 'dropped',
} as const satisfies Record<Ending, keyof Counts>;

const flowOf = {
  done: 'messagesDone',
  recognised: 'messagesRecognised',
  'dead-lettered': 'messagesDeadLettered',
  rejected: 'messagesDeadLettered',
  expired: 'messagesExpired',
  dropped: 'messagesDropped',
} as const satisfies Record<Ending, Counter>;

const flowOfPublishing = {
  sent: 'messagesSent',
  confirmed: 'messagesConfirmed',
  refused: 'messagesRefused',
  unconfirmed: 'messagesUnconfirmed',
} as const satisfies Record<string, Counter>;

/** What became of every message, from the journals of the processes and from what brokers say that they hold. Pure. */
export interface MessageLedger {
  /** The document as it is from now on. What was counted stays. */
  shape(shape: LedgerShape): void;
  /** Events of all journals in the order of their times. */
  take(journal: string, event: JournalEvent): void;
  /** The process is gone: it has nothing in hand any more. */
  ended(journal: string): void;
  /** Messages that should be in the broker, but for those that are newer. On a channel nothing is. */
  candidates(subscription: SubscriptionName, sentBeforeMs: number): Candidate[];
  /** What the broker said of them. Those that were taken meanwhile stay what they are. */
  found(subscription: SubscriptionName, findings: Findings): void;
  /** The group is about to be set back: each of its messages may come again once. */
  rewind(subscription: SubscriptionName): Rewinding;
  /** Time goes by on channels. */
  tick(nowMs: number): void;
  subscriptions(): SubscriptionName[];
  balances(): Balance[];
  /** By edge: what was published and delivered along it, and how many of those that were published along it are lost. */
  edges(): Map<string, { flow: MessageFlow; lost: number }>;
}

export interface Rewinding {
  /** The group was set back, and whatever happened before is taken in: what is published from now on comes once. */
  end(): void;
  /** It stayed where it was. */
  withdraw(): void;
}

export interface SubscriptionName {
  broker: string;
  destination: string;
  subscription: string;
}

export function createMessageLedger(): MessageLedger {
  const destinations = new Map<string, DestinationLedger>();
  const flows = new Map<string, MessageFlow>();
  let brokerOf: ReadonlyMap<string, string> = new Map();
  /** By journal and number. */
  const publishers = new Map<string, { edge: string; destinations: readonly DestinationLedger[] }>();
  const consumers = new Map<string, { edge: string; destination: DestinationLedger; subscription: Subscription }>();

  const keyOf = (broker: string, name: string): string => `${broker} ${name}`;
  const count = (edge: string, counter: Counter): void => {
    const flow = flows.get(edge);
    if (flow) flow[counter] = (flow[counter] ?? 0) + 1;
  };
  /** From now on all of these are told, also where nothing has happened yet. */
  const beginFlow = (edge: string, counters: readonly Counter[]): void => {
    const flow = flows.get(edge) ?? {};
    for (const counter of counters) flow[counter] ??= 0;
    flows.set(edge, flow);
  };

  /** One that the document does not name, or no more, still counts. */
  const destinationOf = (broker: string, name: string): DestinationLedger => {
    const key = keyOf(broker, name);
    const found = destinations.get(key) ?? {
      ...{ broker, name, pattern: 'queue' as const, deadLetter: null, subscriptions: new Map() },
    };
    destinations.set(key, found);
    return found;
  };

  const subscriptionOf = (destination: DestinationLedger, name: string): Subscription => {
    const known = destination.subscriptions.get(name);
    if (known) return known;
    const created: Subscription = {
      name,
      open: new Map(),
      over: createIdSet(),
      letGo: createIdSet(),
      again: createIdSet(),
      isRewinding: false,
      replaying: new Set(),
      adopted: new Set(),
      order: createOrderWatch(),
      counts: {
        ...{ published: 0, done: 0, deadLettered: 0, expired: 0, dropped: 0, notPublished: 0 },
        ...{ redelivered: 0, duplicated: 0, replayed: 0, recognised: 0, reordered: 0, failedAttempts: 0 },
      },
    };
    destination.subscriptions.set(name, created);
    return created;
  };

  /** From now on it is open in this subscription, and nobody has begun it. */
  const expect = (subscription: Subscription, message: Message): OpenMessage => {
    const expected: OpenMessage = { message, state: 'waiting', by: null, begun: 0 };
    subscription.open.set(message.id, expected);
    if (subscription.isRewinding) subscription.again.add(message.id);
    return expected;
  };

  const store = ({ subscriptions }: DestinationLedger, message: Message): void => {
    if (message.stored) return;
    message.stored = true;
    for (const { open, counts } of subscriptions.values())
      if (open.get(message.id)?.message === message) counts.published += 1;
  };

  const end = (subscription: Subscription, id: string, ending: Ending): void => {
    subscription.open.delete(id);
    subscription.over.add(id);
    subscription.counts[countOf[ending]] += 1;
  };

  /** The open message, also where nobody has told of it yet; null where it is over. */
  const openIn = (destination: DestinationLedger, subscription: Subscription, id: string): OpenMessage | null => {
    const known = subscription.open.get(id);
    if (known) return known;
    const isLetGo = subscription.letGo.delete(id);
    if (subscription.over.has(id) && !isLetGo) return null;
    const message: Message = {
      ...{ id, edge: null, journal: null, sentAtMs: 0, stored: isLetGo, sending: false, position: '' },
    };
    const adopted = expect(subscription, message);
    if (isLetGo) {
      // Its consumer had it before the broker let go of it.
      subscription.over.delete(id);
      subscription.counts.dropped -= 1;
      return adopted;
    }
    subscription.adopted.add(id);
    store(destination, message);
    return adopted;
  };

  /** The broker moves it to the dead letters of its queue, where it is a message as any other; unless it was met there before. */
  const move = (destination: DestinationLedger, { id, edge }: Message): void => {
    if (destination.deadLetter === null) return;
    const to = destinationOf(destination.broker, destination.deadLetter);
    const message: Message = {
      ...{ id, edge, journal: null, sentAtMs: 0, stored: false, sending: false, position: '' },
    };
    for (const subscription of to.subscriptions.values()) {
      const { open, over, adopted } = subscription;
      if (!adopted.delete(id) && !open.has(id) && !over.has(id)) expect(subscription, message);
    }
    store(to, message);
  };

  /** The same message stands in every subscription that has it open. */
  const messageIn = ({ subscriptions }: DestinationLedger, id: string): Message | undefined => {
    for (const { open, adopted } of subscriptions.values()) {
      const found = open.get(id);
      if (found && !adopted.has(id)) return found.message;
    }
    return undefined;
  };

  const publish = (journal: string, event: Extract<JournalEvent, { by: number }>): void => {
    const way = publishers.get(`${journal} ${event.by}`);
    if (!way) return;
    count(way.edge, flowOfPublishing[event.type as keyof typeof flowOfPublishing]);
    for (const destination of way.destinations) publishTo(destination, way.edge, journal, event);
  };

  const publishTo = (
    destination: DestinationLedger,
    edge: string,
    journal: string,
    event: Extract<JournalEvent, { by: number }>,
  ): void => {
    const { id } = event;
    if (event.type === 'sent') {
      const message: Message = {
        ...{ id, edge, journal, sentAtMs: event.atMs, stored: false, sending: true, position: '' },
      };
      const met: OpenMessage[] = [];
      let isKnown = false;
      for (const subscription of destination.subscriptions.values()) {
        const { open, over, adopted } = subscription;
        if (adopted.delete(id)) {
          isKnown = true;
          const early = open.get(id);
          if (early) met.push(early);
        } else if (!open.has(id) && !over.has(id)) expect(subscription, message);
      }
      // Whoever met it before it was told of has counted it as published; the others do now.
      if (isKnown) store(destination, message);
      for (const early of met) early.message = message;
      return;
    }
    const message = messageIn(destination, id);
    if (!message) return;
    if (event.type === 'confirmed' && message.position === '') message.position = event.position;
    message.sending = false;
    if (event.type === 'confirmed') store(destination, message);
    if (event.type === 'refused' && !message.stored)
      for (const { open, counts } of destination.subscriptions.values()) if (open.delete(id)) counts.notPublished += 1;
  };

  const consume = (journal: string, event: Extract<JournalEvent, { by: number }>): void => {
    const consumer = consumers.get(`${journal} ${event.by}`);
    // What others have published stands in no balance.
    if (!consumer || !parseMessageId(event.id)) return;
    const { edge, destination, subscription } = consumer;
    const { counts } = subscription;
    const open = openIn(destination, subscription, event.id);
    // Whoever has it has it from the broker.
    if (open) store(destination, open.message);
    switch (event.type) {
      case 'begun':
        count(edge, 'messagesDelivered');
        if (!open || open.begun > 0) {
          if (subscription.again.delete(event.id)) subscription.replaying.add(event.id);
          else {
            count(edge, 'messagesRedelivered');
            counts.redelivered += 1;
          }
        }
        if (open) Object.assign(open, { state: 'handling', by: journal, begun: open.begun + 1 });
        return;
      case 'taken':
        if (open) Object.assign(open, { state: 'handling', by: journal });
        return;
      case 'returned':
      case 'kept':
        count(edge, 'messagesFailedAttempts');
        counts.failedAttempts += 1;
        if (open && event.type === 'returned') Object.assign(open, { state: 'waiting', by: null });
        return;
      case 'done':
      case 'recognised':
      case 'dead-lettered':
      case 'rejected':
      case 'expired':
      case 'dropped': {
        count(edge, flowOf[event.type]);
        if (event.type === 'rejected' && open) move(destination, open.message);
        if (event.type === 'recognised') counts.recognised += 1;
        if (open) end(subscription, event.id, event.type);
        else if (event.type === 'done') {
          const isReplay = subscription.replaying.delete(event.id);
          count(edge, isReplay ? 'messagesReplayed' : 'messagesDuplicated');
          counts[isReplay ? 'replayed' : 'duplicated'] += 1;
        }
        if (open && event.type === 'done' && subscription.order.isLate(event.id, event.key)) {
          count(edge, 'messagesReordered');
          counts.reordered += 1;
        }
      }
    }
  };

  const found = ({ broker, destination, subscription }: SubscriptionName): Subscription | undefined =>
    destinations.get(keyOf(broker, destination))?.subscriptions.get(subscription);

  const all = function* (): Generator<{ destination: DestinationLedger; subscription: Subscription }> {
    for (const destination of destinations.values())
      for (const subscription of destination.subscriptions.values()) yield { destination, subscription };
  };

  return {
    shape(shape) {
      ({ brokerOf } = shape);
      for (const { broker, name, pattern, deadLetter = null } of shape.destinations) {
        const destination = destinationOf(broker, name);
        Object.assign(destination, { pattern, deadLetter });
        // A queue is one subscription, whoever takes from it.
        if (pattern === 'queue') subscriptionOf(destination, '');
      }
      for (const { broker, destination: name, group } of shape.groups)
        subscriptionOf(destinationOf(broker, name), group);
    },
    take(journal, event) {
      switch (event.type) {
        case 'publisher': {
          const { edge } = event;
          const broker = brokerOf.get(edge);
          if (broker === undefined) return;
          beginFlow(edge, published);
          const to = event.destinations.map((name) => destinationOf(broker, name));
          // What reaches no queue of it is the exchange's own.
          for (const destination of to) if (destination.pattern === 'exchange') subscriptionOf(destination, '');
          publishers.set(`${journal} ${event.number}`, { edge, destinations: to });
          return;
        }
        case 'consumer': {
          const { edge } = event;
          const broker = brokerOf.get(edge);
          if (broker === undefined) return;
          const destination = destinationOf(broker, event.destination);
          beginFlow(edge, delivered);
          consumers.set(`${journal} ${event.number}`, {
            ...{ edge, destination },
            subscription: subscriptionOf(destination, event.subscription),
          });
          return;
        }
        case 'sent':
        case 'confirmed':
        case 'refused':
        case 'unconfirmed':
          return publish(journal, event);
        default:
          return consume(journal, event);
      }
    },
    ended(journal) {
      for (const { subscription } of all())
        for (const open of subscription.open.values()) {
          if (open.by === journal) Object.assign(open, { state: 'waiting', by: null });
          if (open.message.journal === journal) open.message.sending = false;
        }
    },
    candidates(name, sentBeforeMs) {
      const subscription = found(name);
      if (!subscription) return [];
      return [...subscription.open.values()].flatMap(
        ({ state, begun, message: { id, position, sentAtMs, sending, stored } }) =>
          state !== 'handling' && sentAtMs < sentBeforeMs && (stored || !sending)
            ? [{ id, position, wasTaken: begun > 0 }]
            : [],
      );
    },
    found(name, { asked, held, dropped, expired, deadLettered }) {
      const destination = destinations.get(keyOf(name.broker, name.destination));
      const subscription = found(name);
      if (!destination || !subscription) return;
      for (const { id } of asked) {
        const open = subscription.open.get(id);
        if (!open || open.state === 'handling') continue;
        const fate = dropped?.has(id)
          ? 'dropped'
          : expired?.has(id)
            ? 'expired'
            : deadLettered?.has(id)
              ? 'dead-lettered'
              : null;
        if (held.has(id) || fate) store(destination, open.message);
        if (fate === 'dead-lettered') move(destination, open.message);
        if (!fate) open.state = held.has(id) ? 'waiting' : 'missing';
        else end(subscription, id, fate);
        if (fate === 'dropped') subscription.letGo.add(id);
      }
    },
    rewind(name) {
      const subscription = found(name);
      if (!subscription)
        throw new ArchipelError(
          'not-found',
          `There is no group "${name.subscription}" of "${name.destination}".`,
          'By default the group of a consumer has the id of its node.',
        );
      const before = subscription.again;
      subscription.again = subscription.over.copy();
      for (const id of subscription.open.keys()) subscription.again.add(id);
      subscription.isRewinding = true;
      return {
        end() {
          subscription.isRewinding = false;
        },
        withdraw() {
          Object.assign(subscription, { isRewinding: false, again: before });
        },
      };
    },
    tick(nowMs) {
      for (const { destination, subscription } of all()) {
        if (destination.pattern !== 'channel') continue;
        for (const open of subscription.open.values())
          if (open.state === 'waiting' && open.message.sentAtMs < nowMs - CHANNEL_MS && !open.message.sending)
            open.state = 'missing';
      }
    },
    subscriptions: () =>
      [...all()].map(({ destination, subscription }) => ({
        broker: destination.broker,
        destination: destination.name,
        subscription: subscription.name,
      })),
    balances: () =>
      [...all()].map(({ destination: { broker, name, pattern }, subscription }) => {
        const balance: Balance = {
          ...{ broker, destination: name, pattern, subscription: subscription.name },
          ...subscription.counts,
          ...{ inBroker: 0, inFlight: 0, lost: 0, publishing: 0 },
        };
        for (const { state, message } of subscription.open.values()) {
          if (!message.stored) balance[state === 'missing' ? 'notPublished' : 'publishing'] += 1;
          else if (state === 'handling') balance.inFlight += 1;
          else if (state === 'missing') balance.lost += 1;
          else balance.inBroker += 1;
        }
        return balance;
      }),
    edges() {
      const lost = new Map<string, Set<string>>();
      for (const { subscription } of all())
        for (const { state, message } of subscription.open.values()) {
          if (state !== 'missing' || !message.stored || message.edge === null) continue;
          const ids = lost.get(message.edge) ?? new Set();
          lost.set(message.edge, ids.add(message.id));
        }
      return new Map([...flows].map(([edge, flow]) => [edge, { flow, lost: lost.get(edge)?.size ?? 0 }]));
    },
  };
}
