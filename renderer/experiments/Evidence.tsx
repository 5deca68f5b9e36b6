import { Button, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type {
  ExperimentResult,
  LogLine,
  ProbeEvidence,
  ProbeLook,
  ProbeResult,
  TraceSpan,
} from '../../engine/api/types.ts';
import type { OpenedRecord } from '../../engine/records/record.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { fixed } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { Plot } from '../metrics/Plot.tsx';
import { showRecordedLog } from '../stores/session.ts';
import { RecordedTraces } from '../traces/RecordedTraces.tsx';
import { formatClock, formatCount, formatMeasure, formatSeconds } from '../ui/format.ts';
import classes from './Evidence.module.css';

type Window = ProbeEvidence['window'];

/** What the record of a run holds about a stretch of it. */
type Recorded = { record: OpenedRecord; traces: TraceSpan[][] } | { problem: string } | null;

/** What the result of a probe rests on: what was counted and looked at, and what else happened at that time. */
export function Evidence({ probe, result }: { probe: ProbeResult; result: ExperimentResult }) {
  const t = useT();
  const { window, counters, looks, lines = [], record: id } = probe.evidence;
  const recorded = useRecorded(id);
  const since = (atMs: number): string => `+${formatSeconds(atMs - result.startedAtMs)}`;
  const record = recorded && 'record' in recorded ? recorded : null;
  const events =
    record?.record.events.map(({ atMs, subject, type, text }) => ({
      atMs,
      text: t('{{name}}: {{value}}', { name: subject ?? said(type), value: said(text) }),
    })) ?? result.journal.map(({ atMs, event }) => ({ atMs, text: said(event) }));
  const then = events.filter(({ atMs }) => within(window, atMs));
  return (
    <div className={classes.evidence} data-testid="evidence">
      <Text size="xs">
        {t('Measured from {{from}} to {{to}} of the run ({{fromTime}} to {{toTime}}).', {
          from: since(window.fromMs),
          to: since(window.toMs),
          fromTime: formatClock(window.fromMs),
          toTime: formatClock(window.toMs),
        })}
      </Text>
      {Object.keys(counters).length > 0 && (
        <dl aria-label={t('Counted')}>
          {Object.entries(counters).map(([name, count]) => (
            <div key={name}>
              <dt>{said(name)}</dt>
              <dd>{formatCount(count)}</dd>
            </div>
          ))}
        </dl>
      )}
      {looks.length > 0 && <Looks looks={looks} since={since} />}
      {lines.length > 0 && <Lines lines={lines} record={id} since={since} />}
      {record && <Throughput record={record.record} window={window} startedAtMs={result.startedAtMs} />}
      <section>
        <h4>{t('What happened then')}</h4>
        {then.length === 0 && <Text size="xs">{t('Nothing is written down of that time.')}</Text>}
        <ol className={classes.events} aria-label={t('What happened then')}>
          {then.map(({ atMs, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what happened stays in its order
            <li key={index}>
              <time>{since(atMs)}</time>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      </section>
      {record && (
        <section>
          <h4>{t('Traces of that time')}</h4>
          <RecordedTraces traces={record.traces.filter(([first]) => first && within(window, first.startedAtMs))} />
        </section>
      )}
      {id === null && <Text size="xs">{t('No record was kept of this run.')}</Text>}
      {recorded && 'problem' in recorded && (
        <Text size="xs" c="red">
          {t('Its record cannot be read: {{problem}}', { problem: said(recorded.problem) })}
        </Text>
      )}
    </div>
  );
}

const within = ({ fromMs, toMs }: Window, atMs: number): boolean => atMs >= fromMs && atMs <= toMs;

function useRecorded(id: string | null): Recorded {
  const [recorded, setRecorded] = useState<Recorded>(null);
  useEffect(() => {
    if (id === null) return;
    let current = true;
    Promise.all([engine.records.open.query({ id }), engine.records.traces.query({ id })]).then(
      ([record, traces]) => current && setRecorded({ record, traces }),
      (error: unknown) => current && setRecorded({ problem: shownError(error).message }),
    );
    return () => {
      current = false;
    };
  }, [id]);
  return recorded;
}

const Looks = ({ looks, since }: { looks: readonly ProbeLook[]; since(atMs: number): string }) => {
  const t = useT();
  return (
    <section>
      <h4>{t('What was seen')}</h4>
      <ol className={classes.events} aria-label={t('What was seen')}>
        {looks.map(({ atMs, value, holds, note }) => (
          <li key={atMs} data-holds={holds}>
            <time>{since(atMs)}</time>
            <span>
              <code>{value === null ? t('nothing') : said(value)}</code> {holds ? t('holds') : t('does not hold')}
              {note && ` (${said(note)})`}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
};

const Lines = (props: { lines: readonly LogLine[]; record: string | null; since(atMs: number): string }) => {
  const t = useT();
  return (
    <section>
      <h4>{t('What the log says')}</h4>
      <ol className={classes.events} aria-label={t('What the log says')}>
        {props.lines.map(({ atMs, text }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <li key={index}>
            <time>{props.since(atMs)}</time>
            <code>{text}</code>
          </li>
        ))}
      </ol>
      {props.record !== null && (
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => showRecordedLog(props.record as string, props.lines, props.lines[0]?.nodeId)}
        >
          {t('Show these lines in the log')}
        </Button>
      )}
    </section>
  );
};

function Throughput({ record, window, startedAtMs }: { record: OpenedRecord; window: Window; startedAtMs: number }) {
  const t = useT();
  const samples = record.series.filter(({ traffic, atMs }) => traffic !== null && atMs >= startedAtMs);
  if (samples.length < 2) return null;
  const seconds = (atMs: number): number => (atMs - startedAtMs) / 1000;
  const mark = { from: seconds(window.fromMs), to: seconds(window.toMs) };
  return (
    <div className={classes.plot}>
      <Plot
        title={t('Throughput, with that time marked')}
        description={t('{{count}} seconds, measured from {{from}} s to {{to}} s', {
          count: samples.length,
          from: fixed(mark.from, 1),
          to: fixed(mark.to, 1),
        })}
        xLabel={t('seconds')}
        x={samples.map(({ atMs }) => seconds(atMs))}
        lines={[
          { label: t('ok'), color: '--chart-ok', values: samples.map(({ traffic }) => traffic?.okPerSec ?? null) },
          {
            label: t('failed'),
            color: '--chart-failed',
            values: samples.map(({ traffic }) => traffic?.failedPerSec ?? null),
          },
        ]}
        formatX={String}
        formatY={(value) => formatMeasure(value, 'per second')}
        mark={mark}
      />
    </div>
  );
}
