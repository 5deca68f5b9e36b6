import { directRouter } from '../exchanges/direct.ts';
import { fanoutRouter } from '../exchanges/fanout.ts';
import { headersRouter } from '../exchanges/headers.ts';
import type { Router } from '../exchanges/router.ts';
import { topicRouter } from '../exchanges/topic.ts';
import { type FieldTable, lookUp } from '../protocol/field-table.ts';
import { resourceName } from './arguments.ts';
import type { Queue } from './queue.ts';

export interface Binding {
  readonly source: Exchange;
  readonly destination: Exchange | Queue;
  readonly key: string;
  readonly args: FieldTable;
}

const routers: Record<ExchangeType, () => Router<Binding>> = {
  direct: directRouter,
  fanout: fanoutRouter,
  topic: topicRouter,
  headers: headersRouter,
};

export type ExchangeType = 'direct' | 'fanout' | 'topic' | 'headers';
export const isExchangeType = (type: string): type is ExchangeType => Object.hasOwn(routers, type);

export interface ExchangeDeclaration {
  name: string;
  type: ExchangeType;
  isDurable: boolean;
  isAutoDelete: boolean;
  /** Only other exchanges may publish to it. */
  isInternal: boolean;
  args: FieldTable;
}

export class Exchange {
  readonly name: string;
  readonly label: string;
  readonly type: ExchangeType;
  readonly isDurable: boolean;
  readonly isAutoDelete: boolean;
  readonly isInternal: boolean;
  readonly args: FieldTable;
  readonly alternate: string | undefined;
  readonly router: Router<Binding>;
  /** Messages that clients have published to it, and those of them that went to no queue. */
  published = 0;
  unroutable = 0;

  constructor(declaration: ExchangeDeclaration, virtualHost: string) {
    this.name = declaration.name;
    this.label = resourceName('exchange', declaration.name, virtualHost);
    this.type = declaration.type;
    this.isDurable = declaration.isDurable;
    this.isAutoDelete = declaration.isAutoDelete;
    this.isInternal = declaration.isInternal;
    this.args = declaration.args;
    this.alternate = lookUp(declaration.args, 'alternate-exchange')?.value as string | undefined;
    this.router = routers[declaration.type]();
  }
}
