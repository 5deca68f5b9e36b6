import type { Database } from './database.ts';
import type { Session } from './session.ts';

const nameOf = (database: number, key: string): string => `${database}:${key}`;

/** Which connections watch which keys, for WATCH. */
export class Watches {
  readonly #watchers: Map<string, Set<Session>> = new Map();

  watch(session: Session, database: Database, key: string): void {
    if (session.watched.some((each) => each.key === key && each.database === database.index)) return;
    session.watched.push({ database: database.index, key, existed: database.peek(key) !== undefined });
    const name = nameOf(database.index, key);
    const watchers = this.#watchers.get(name);
    if (watchers) watchers.add(session);
    else this.#watchers.set(name, new Set([session]));
  }

  unwatch(session: Session): void {
    for (const { database, key } of session.watched.splice(0)) {
      const name = nameOf(database, key);
      const watchers = this.#watchers.get(name);
      watchers?.delete(session);
      if (watchers?.size === 0) this.#watchers.delete(name);
    }
    session.stale = false;
  }

  modified(database: Database, key: string): void {
    if (this.#watchers.size === 0) return;
    for (const session of this.#watchers.get(nameOf(database.index, key)) ?? []) session.stale = true;
  }

  cleared({ index }: Database): void {
    for (const watchers of this.#watchers.values())
      for (const session of watchers)
        if (session.watched.some(({ database, existed }) => database === index && existed)) session.stale = true;
  }
}
