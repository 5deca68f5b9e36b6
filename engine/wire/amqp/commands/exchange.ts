import { refuseDefault } from '../broker/virtual-host.ts';
import type { Commands } from './command.ts';
import { withoutLineEnds } from './names.ts';

export const exchangeCommands: Commands = {
  'exchange.declare'(channel, { exchange, type, passive, durable, autoDelete, internal, noWait, arguments: args }) {
    const { virtualHost } = channel.line;
    const name = withoutLineEnds(exchange);
    if (passive) {
      refuseDefault(name);
      virtualHost.exchange(name);
    } else
      virtualHost.declareExchange({
        name,
        type,
        isDurable: durable,
        isAutoDelete: autoDelete,
        isInternal: internal,
        args,
      });
    if (!noWait) channel.send('exchange.declare-ok', {});
  },
  'exchange.delete'(channel, { exchange, ifUnused, noWait }) {
    channel.line.virtualHost.deleteExchange(withoutLineEnds(exchange), ifUnused);
    if (!noWait) channel.send('exchange.delete-ok', {});
  },
  'exchange.bind'(channel, { destination, source, routingKey, noWait, arguments: args }) {
    channel.line.virtualHost.bind({
      source: withoutLineEnds(source),
      destination: { kind: 'exchange', name: withoutLineEnds(destination) },
      key: routingKey,
      args,
    });
    if (!noWait) channel.send('exchange.bind-ok', {});
  },
  'exchange.unbind'(channel, { destination, source, routingKey, noWait, arguments: args }) {
    channel.line.virtualHost.unbind({
      source: withoutLineEnds(source),
      destination: { kind: 'exchange', name: withoutLineEnds(destination) },
      key: routingKey,
      args,
    });
    if (!noWait) channel.send('exchange.unbind-ok', {});
  },
};
