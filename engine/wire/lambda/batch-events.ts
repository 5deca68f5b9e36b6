/** Text as the lists of bytes in which these events hold headers. */
const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A message of a queue that has no event of Lambda's own. */
export interface QueueRecord {
  messageId: string;
  body: string;
  attributes: Readonly<Record<string, string>>;
  /** How often it was received, this time included. */
  receiveCount: number;
  /** Epoch milliseconds; 0 where nobody knows. */
  sentAtMs: number;
}

/**
 * Messages of a queue or stream of Redis. Lambda has no such event; this one is modelled after that of Amazon SQS, and says by its
 * `eventSource` that it is none: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export const queueEvent = (queue: string, records: readonly QueueRecord[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      Records: records.map(({ messageId, body, attributes, receiveCount, sentAtMs }) => ({
        messageId,
        receiptHandle: messageId,
        body,
        attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(Math.round(sentAtMs)) },
        messageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]),
        ),
        eventSource: 'archipel:redis',
        eventSourceARN: queue,
        awsRegion: 'us-east-1',
      })),
    }),
  );

/** A message of RabbitMQ with the properties that AMQP gives it. */
export interface RabbitRecord {
  data: string;
  redelivered: boolean;
  headers: Readonly<Record<string, string>>;
  contentType: string | null;
  deliveryMode: number | null;
  priority: number | null;
  expiration: string | null;
  messageId: string | null;
}

/** Messages of a queue of RabbitMQ: https://docs.aws.amazon.com/lambda/latest/dg/with-mq.html */
export const rabbitEvent = (
  { brokerArn, queue }: { brokerArn: string; queue: string },
  records: readonly RabbitRecord[],
): Buffer =>
  Buffer.from(
    JSON.stringify({
      eventSource: 'aws:rmq',
      eventSourceArn: brokerArn,
      rmqMessagesByQueue: {
        [`${queue}::/`]: records.map(({ data, redelivered, headers, ...known }) => ({
          basicProperties: {
            contentType: known.contentType,
            contentEncoding: null,
            headers: Object.fromEntries(
              Object.entries(headers).map(([name, value]) => [name, { bytes: bytesOf(value) }]),
            ),
            deliveryMode: known.deliveryMode,
            priority: known.priority,
            correlationId: null,
            replyTo: null,
            expiration: known.expiration,
            messageId: known.messageId,
            timestamp: null,
            type: null,
            userId: null,
            appId: null,
            clusterId: null,
            bodySize: Buffer.byteLength(data),
          },
          redelivered,
          data: base64(data),
        })),
      },
    }),
  );

/** A record of a topic. */
export interface KafkaRecord {
  topic: string;
  partition: number;
  offset: number;
  /** Epoch milliseconds. */
  timestamp: number;
  /** Empty: it has none. */
  key: string;
  value: string;
  headers: Readonly<Record<string, string>>;
}

/** Records of a topic of a self-managed Kafka: https://docs.aws.amazon.com/lambda/latest/dg/with-kafka.html */
export function kafkaEvent(bootstrapServers: string, records: readonly KafkaRecord[]): Buffer {
  const byPartition: Record<string, unknown[]> = {};
  for (const { topic, partition, offset, timestamp, key, value, headers } of records) {
    const of = `${topic}-${partition}`;
    byPartition[of] ??= [];
    byPartition[of].push({
      ...{ topic, partition, offset, timestamp, timestampType: 'CREATE_TIME' },
      ...(key !== '' && { key: base64(key) }),
      value: base64(value),
      headers: Object.entries(headers).map(([name, text]) => ({ [name]: bytesOf(text) })),
    });
  }
  return Buffer.from(JSON.stringify({ eventSource: 'SelfManagedKafka', bootstrapServers, records: byPartition }));
}

/**
 * Which messages of a batch failed, by the answer of the function: null stands for all of them.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedItems(answer: Buffer, ids: readonly string[]): ReadonlySet<string> | null {
  let parsed: unknown;
  try {
    parsed = answer.length === 0 ? null : JSON.parse(answer.toString('utf8'));
  } catch {
    return null;
  }
  const failures = (parsed as { batchItemFailures?: unknown } | null)?.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return null;
  const failed = failures.map((each) => (each as { itemIdentifier?: unknown } | null)?.itemIdentifier);
  return failed.every((id) => typeof id === 'string' && ids.includes(id)) ? new Set(failed as string[]) : null;
}
