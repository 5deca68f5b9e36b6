/** Protocols that carry messages to a broker and from it. */
export const messageProtocols = ['redis-messages', 'rabbitmq-messages', 'kafka'] as const;
export type MessageProtocol = (typeof messageProtocols)[number];

export const carriesMessages = (protocol: string | null): protocol is MessageProtocol =>
  (messageProtocols as readonly (string | null)[]).includes(protocol);
