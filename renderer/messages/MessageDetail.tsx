import { Button, Group, Text } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useState } from 'react';
import type { PeekedMessage } from '../../engine/model/peek.ts';
import { SHOWN_PAYLOAD_BYTES } from '../../engine/model/shown-payload.ts';
import { engine } from '../engine-client/client.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { showBottom } from '../stores/session.ts';
import { chooseTrace } from '../stores/trace-focus.ts';
import { formatBytes, formatClock, formatCount, formatMs } from '../ui/format.ts';
import classes from './messages.module.css';
import { stateTitles } from './state-titles.ts';

/** One message in full: what its broker knows of it, its headers, and what is in it. */
export function MessageDetail(props: { message: PeekedMessage; atMs: number; onLeave(): void }) {
  const { message, atMs, onLeave } = props;
  const t = useT();
  const { id, key, state, attempts, priority, publishedAtMs, dueAtMs, partition, offset, contentType } = message;
  const { traceId, headers, deadLetter, payload } = message;
  const facts: [string, string | null][] = [
    [t('Id'), id || null],
    [t('Key'), key],
    [t('State'), state && t(stateTitles[state])],
    [t('Attempts begun'), attempts === null ? null : formatCount(attempts)],
    [t('Priority'), priority === null ? null : formatCount(priority)],
    [
      t('Published'),
      publishedAtMs === null
        ? null
        : t('{{time}}, {{age}} before it was looked at', {
            time: formatClock(publishedAtMs),
            age: formatMs(Math.max(0, atMs - publishedAtMs)),
          }),
    ],
    [t('Due'), dueAtMs === null ? null : formatClock(dueAtMs)],
    [t('Partition'), partition === null ? null : String(partition)],
    [t('Offset'), offset],
    [t('Content type'), contentType],
    [t('Set aside in'), deadLetter?.queue ?? null],
    [t('Why it was set aside'), deadLetter && said(deadLetter.reason)],
  ];
  return (
    <section className={classes.detail} aria-label={t('Message')}>
      <dl className={classes.facts}>
        {facts.map(
          ([title, value]) =>
            value !== null && (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {traceId !== null && <TraceLink traceId={traceId} onLeave={onLeave} />}
      {Object.keys(headers).length > 0 && (
        <dl className={classes.facts} aria-label={t('Headers')}>
          {Object.entries(headers).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <pre className={classes.payload} data-testid="message-payload" data-format={payload.format}>
        {payload.content === '' ? t('(no body)') : payload.content}
      </pre>
      <Text size="xs" c="dimmed">
        {[
          ...(payload.format === 'hex' ? [t('It is no text, and shown in hexadecimal.')] : []),
          payload.isTruncated
            ? t('The first {{shown}} of {{size}}.', {
                shown: formatBytes(SHOWN_PAYLOAD_BYTES),
                size: formatBytes(payload.bytes),
              })
            : t('{{size}} in all.', { size: formatBytes(payload.bytes) }),
        ].join(' ')}
      </Text>
    </section>
  );
}

/** Of most requests that went well no trace is kept. */
function TraceLink({ traceId, onLeave }: { traceId: string; onLeave(): void }) {
  const t = useT();
  const [isGone, setGone] = useState(false);
  const show = async (): Promise<void> => {
    const spans = await engine.traces.get.query({ traceId }).catch(() => []);
    if (spans.length === 0) {
      setGone(true);
      return;
    }
    chooseTrace(traceId);
    showBottom('traces');
    onLeave();
  };
  return (
    <Group gap="xs">
      <Button size="compact-xs" variant="light" leftSection={<IconRoute size={13} />} onClick={() => void show()}>
        {t('Show its trace')}
      </Button>
      <Text size="xs" c="dimmed" ff="monospace" role={isGone ? 'status' : undefined}>
        {isGone ? t('This trace is not kept: of what went well, only a share is.') : traceId}
      </Text>
    </Group>
  );
}
