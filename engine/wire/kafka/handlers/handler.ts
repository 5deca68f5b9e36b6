import type { BrokerContext } from '../cluster/context.ts';
import type { Connection } from '../connection/connection.ts';
import type { RequestOf, ResponseOf } from '../protocol/api.ts';

export interface RequestContext {
  broker: BrokerContext;
  /** Name of the listener that the client came to: it learns the addresses that belong to that. */
  listener: string;
  connection: Connection;
  version: number;
  clientId: string | null;
}

/** Answers the requests of one kind. Null: no answer is due. */
export type Handler<A> = (
  request: RequestOf<A>,
  context: RequestContext,
) => ResponseOf<A> | null | Promise<ResponseOf<A> | null>;
