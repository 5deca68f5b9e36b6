import type { TraceSpan } from '../api/types.ts';
import { SCHEMA_URL } from './semantics.ts';

/*
 * OTLP 1.9, JSON encoding: the message `ExportTraceServiceRequest` of opentelemetry-proto
 * (collector/trace/v1/trace_service.proto, trace/v1/trace.proto, common/v1/common.proto), with the deviations from
 * proto3's JSON mapping that https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding asks for: ids are
 * hexadecimal, enums are numbers. 64-bit integers are strings, as in proto3.
 */

type AnyValue = { boolValue: boolean } | { stringValue: string } | { intValue: string } | { doubleValue: number };

interface KeyValue {
  key: string;
  value: AnyValue;
}

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  flags: number;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  status: { code?: number };
}

export interface ExportTraceServiceRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { scope: { name: string; version: string }; spans: OtlpSpan[]; schemaUrl: string }[];
    schemaUrl: string;
  }[];
}

const KIND: Record<TraceSpan['kind'], number> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};
const STATUS_ERROR = 2;
/** SpanFlags of trace.proto: whether it is known that the parent is remote, and whether it is. */
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** One resource for each process: its node is the service, replica and process id are the instance. */
export function toOtlp(spans: readonly TraceSpan[], archipelVersion: string): ExportTraceServiceRequest {
  const processes = new Map<string, TraceSpan[]>();
  for (const span of spans) {
    const key = `${span.nodeId} ${span.replica} ${span.pid}`;
    const ofProcess = processes.get(key);
    if (ofProcess) ofProcess.push(span);
    else processes.set(key, [span]);
  }
  return {
    resourceSpans: [...processes.values()].map((ofProcess) => ({
      resource: { attributes: resourceOf(ofProcess[0] as TraceSpan, archipelVersion) },
      scopeSpans: [
        { scope: { name: 'archipel', version: archipelVersion }, spans: ofProcess.map(toSpan), schemaUrl: SCHEMA_URL },
      ],
      schemaUrl: SCHEMA_URL,
    })),
  };
}

const resourceOf = ({ nodeId, replica, pid }: TraceSpan, version: string): KeyValue[] =>
  attributesOf({
    'service.name': nodeId,
    'service.instance.id': `${replica}/${pid}`,
    'process.pid': pid,
    'telemetry.sdk.name': 'archipel',
    'telemetry.sdk.language': 'nodejs',
    'telemetry.sdk.version': version,
  });

const toSpan = (span: TraceSpan): OtlpSpan => ({
  traceId: span.traceId,
  spanId: span.spanId,
  ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
  flags: span.flags | HAS_IS_REMOTE | (span.remoteParent ? IS_REMOTE : 0),
  name: span.name,
  kind: KIND[span.kind],
  startTimeUnixNano: nanoseconds(span.startedAtMs),
  endTimeUnixNano: nanoseconds(span.startedAtMs + span.durationMs),
  attributes: attributesOf(span.attributes),
  status: span.error === null ? {} : { code: STATUS_ERROR },
});

/** Whole microseconds: a double holds no finer time since 1970. */
const nanoseconds = (epochMs: number): string => `${Math.round(epochMs * 1000)}000`;

const attributesOf = (attributes: Record<string, string | number | boolean>): KeyValue[] =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));

function anyValueOf(value: string | number | boolean): AnyValue {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
