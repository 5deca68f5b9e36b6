import { createMatcher } from './pattern.ts';
import { Push } from './reply.ts';
import { type Session, subscriptions } from './session.ts';

type Subscribers = Map<string, Set<Session>>;

/** Channels and patterns, and who subscribes to them. */
export class PubSub {
  readonly channels: Subscribers = new Map();
  readonly shardChannels: Subscribers = new Map();
  readonly patterns: Map<string, { matches(channel: string): boolean; sessions: Set<Session> }> = new Map();

  /** Returns how many got the message. */
  publish(channel: string, message: string): number {
    let receivers = 0;
    for (const session of this.channels.get(channel) ?? []) {
      session.push(new Push(['message', channel, message]));
      receivers += 1;
    }
    for (const [pattern, { matches, sessions }] of this.patterns) {
      if (!matches(channel)) continue;
      for (const session of sessions) session.push(new Push(['pmessage', pattern, channel, message]));
      receivers += sessions.size;
    }
    return receivers;
  }

  publishToShard(channel: string, message: string): number {
    const sessions = this.shardChannels.get(channel);
    for (const session of sessions ?? []) session.push(new Push(['smessage', channel, message]));
    return sessions?.size ?? 0;
  }

  subscribe(session: Session, channel: string): Push {
    session.channels.add(channel);
    add(this.channels, channel, session);
    return new Push(['subscribe', channel, subscriptions(session)]);
  }

  unsubscribe(session: Session, channel: string): Push {
    if (session.channels.delete(channel)) remove(this.channels, channel, session);
    return new Push(['unsubscribe', channel, subscriptions(session)]);
  }

  subscribeShard(session: Session, channel: string): Push {
    session.shardChannels.add(channel);
    add(this.shardChannels, channel, session);
    return new Push(['ssubscribe', channel, session.shardChannels.size]);
  }

  unsubscribeShard(session: Session, channel: string): Push {
    if (session.shardChannels.delete(channel)) remove(this.shardChannels, channel, session);
    return new Push(['sunsubscribe', channel, session.shardChannels.size]);
  }

  subscribePattern(session: Session, pattern: string): Push {
    session.patterns.add(pattern);
    const known = this.patterns.get(pattern) ?? { matches: createMatcher(pattern), sessions: new Set() };
    known.sessions.add(session);
    this.patterns.set(pattern, known);
    return new Push(['psubscribe', pattern, subscriptions(session)]);
  }

  unsubscribePattern(session: Session, pattern: string): Push {
    const known = this.patterns.get(pattern);
    if (session.patterns.delete(pattern) && known) {
      known.sessions.delete(session);
      if (known.sessions.size === 0) this.patterns.delete(pattern);
    }
    return new Push(['punsubscribe', pattern, subscriptions(session)]);
  }

  leave(session: Session): void {
    for (const channel of session.channels) this.unsubscribe(session, channel);
    for (const channel of session.shardChannels) this.unsubscribeShard(session, channel);
    for (const pattern of session.patterns) this.unsubscribePattern(session, pattern);
  }
}

function add(to: Subscribers, channel: string, session: Session): void {
  const sessions = to.get(channel);
  if (sessions) sessions.add(session);
  else to.set(channel, new Set([session]));
}

function remove(from: Subscribers, channel: string, session: Session): void {
  const sessions = from.get(channel);
  sessions?.delete(session);
  if (sessions?.size === 0) from.delete(channel);
}
