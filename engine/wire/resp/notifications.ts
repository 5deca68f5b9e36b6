import type { PubSub } from './pubsub.ts';

/** Classes of events, as in `notify-keyspace-events`. */
export type EventClass = 'g' | '$' | 'l' | 's' | 'h' | 'z' | 't' | 'x' | 'e' | 'm' | 'n';

/** What `A` stands for. */
const ALL = 'g$lshzxetd';
const KNOWN = `KE${ALL}mn`;

/** Publishes what happens to keys, to those who subscribe to it; Redis' keyspace notifications. */
export class Notifier {
  readonly #pubsub: PubSub;
  #flags = '';

  constructor(pubsub: PubSub) {
    this.#pubsub = pubsub;
  }

  get flags(): string {
    const all = [...ALL].every((flag) => this.#flags.includes(flag));
    const rest = all ? `A${this.#flags.replace(new RegExp(`[${ALL.replace('$', '\\$')}]`, 'g'), '')}` : this.#flags;
    return rest;
  }

  set flags(text: string) {
    const given = new Set(text.replaceAll('A', ALL));
    if ([...given].some((flag) => !KNOWN.includes(flag)))
      throw new Error("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    this.#flags = [...'g$lshzxetdmnKE'].filter((flag) => given.has(flag)).join('');
  }

  notify(eventClass: EventClass, event: string, key: string, database: number): void {
    const flags = this.#flags;
    if (flags === '' || !flags.includes(eventClass)) return;
    if (flags.includes('K')) this.#pubsub.publish(`__keyspace@${database}__:${key}`, event);
    if (flags.includes('E')) this.#pubsub.publish(`__keyevent@${database}__:${event}`, key);
  }
}
