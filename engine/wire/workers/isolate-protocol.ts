export interface IsolateSettings {
  /** URL of the module that exports `default.fetch`. */
  entry: string;
  /** What the Worker gets as `env`. */
  bindings: Record<string, string>;
}

export type IsolateMessage =
  | { type: 'ready'; port: number; threadId: number | null }
  /** The module did not load. */
  | { type: 'failed'; message: string };
