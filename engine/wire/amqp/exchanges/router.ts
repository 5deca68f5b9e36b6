import type { FieldTable } from '../protocol/field-table.ts';

/** What an exchange looks at in a message. */
export interface Routable {
  /** The routing key, and those from the headers CC and BCC. */
  readonly keys: readonly string[];
  readonly headers: () => FieldTable;
}

/** What an exchange sends messages to, and which. */
export interface Pattern {
  readonly key: string;
  readonly args: FieldTable;
}

/** How an exchange of one type finds its bindings. */
export interface Router<Binding extends Pattern> {
  add(binding: Binding): void;
  remove(binding: Binding): void;
  /** Calls back for each binding that the message matches; for one binding perhaps more than once. */
  match(message: Routable, found: (binding: Binding) => void): void;
}
