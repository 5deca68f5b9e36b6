import type { Database } from '../database.ts';
import type { Entry } from '../entry.ts';

export const fsyncPolicies = ['always', 'everysec', 'no'] as const;
export type FsyncPolicy = (typeof fsyncPolicies)[number];
export interface Log {
  policy: FsyncPolicy;
  readonly bytes: number;
  readonly isRewriting: boolean;
  begin(): void;
  end(): void;
  append(database: number, commands: readonly (readonly string[])[]): void;
  include(database: Database, entry: Entry): void;
  whenDurable(send: () => void): void;
  rewrite(): void;
}
