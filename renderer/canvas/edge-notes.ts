import type { EdgeStatus, EngineFrame } from '../../engine/api/types.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import { carriedBetween } from '../../engine/model/dialling.ts';
import { edgeMeasures } from '../../engine/model/edge-measures.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import type { EdgeRates } from '../metrics/edge-rates.ts';
import { formatBytes, formatCount, formatMeasure, formatMs, formatRate } from '../ui/format.ts';

/** Less than this much more or less than one attempt per request is not worth a word. */
const NOTABLE = 0.005;

const breaker = edgeMeasures.find(({ id }) => id === 'breaker');

/** The state of an edge's circuit breaker in words, while it keeps calls back; null while all is well or there is none. */
export function breakerNote(status: EdgeStatus | undefined): string | null {
  const state = status?.measures.breaker;
  return state ? t('breaker {{state}}', { state: said(breaker?.states?.[state] ?? String(state)) }) : null;
}

/** "1.35 × attempts" where the target gets more, or fewer, requests than were made; else empty. */
export function amplificationNote(status: EdgeStatus | undefined): string {
  const attempts = status?.measures.amplification;
  if (attempts == null || Math.abs(attempts - 1) < NOTABLE) return '';
  return t('{{times}} attempts', { times: formatMeasure(attempts, 'times') });
}

/** "34 req/s", "34 req/s ✕ 2/s" while some fail; of what makes no requests, its bytes. */
export function rateNote({ requestsPerSec, errorsPerSec, bytesPerSec }: EdgeRates): string {
  if (requestsPerSec === 0) return bytesPerSec > 0 ? `${formatBytes(bytesPerSec)}/s` : '';
  const rate = t('{{rate}} req/s', { rate: formatRate(requestsPerSec) });
  return errorsPerSec > 0 ? `${rate} ✕ ${formatRate(errorsPerSec)}` : rate;
}

/** What travels, and how long it takes: "http · 12.0 ms". */
export function latencyNote(frame: EngineFrame | null, id: string, ends: { source: string; target: string }): string {
  const protocol = carriedBetween(kindOf(frame, ends.source), kindOf(frame, ends.target));
  const p99Ms = frame?.edges[id]?.p99Ms;
  return [protocol, p99Ms == null ? null : formatMs(p99Ms)].filter((part) => part !== null).join(' · ');
}

/** Where nothing moves on the canvas, what moved so far: "1,204 ok · 3 failed". */
export function countsNote(status: EdgeStatus | undefined): string {
  if (!status || status.requests === 0) return '';
  const ok = t('{{number}} ok', { number: formatCount(status.requests - status.errors) });
  return status.errors > 0 ? `${ok} · ${t('{{number}} failed', { number: formatCount(status.errors) })}` : ok;
}

const kindOf = (frame: EngineFrame | null, node: string): KindDefinition | undefined =>
  (kinds as readonly KindDefinition[]).find(({ kind }) => kind === frame?.nodes[node]?.kind);
