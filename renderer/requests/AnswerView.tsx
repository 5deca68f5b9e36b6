import { Badge, Button, Group, Loader, Text } from '@mantine/core';
import { IconCheck, IconRoute, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { Trans } from 'react-i18next';
import type { TraceSpan } from '../../engine/api/types.ts';
import type { SentMessage } from '../../engine/model/message-by-hand.ts';
import type { SentRequest } from '../../engine/model/request-by-hand.ts';
import { showOnCanvas } from '../canvas/show-on-canvas.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useTraceFocus } from '../stores/trace-focus.ts';
import { litPathOf } from '../traces/lit-path.ts';
import { Waterfall } from '../traces/Waterfall.tsx';
import { formatBytes, formatMs } from '../ui/format.ts';
import type { Sent } from './request-store.ts';
import classes from './requests.module.css';
import { edgeTitle } from './targets.ts';
import { useOwnTrace } from './use-own-trace.ts';

/** What became of a request or a message: its answer, or why there is none. */
export function AnswerView({ sent: { answer, error } }: { sent: Sent }) {
  const t = useT();
  if (error)
    return (
      <div role="alert" data-testid="request-error">
        <Text size="sm" c="red">
          {t('Not sent: {{message}}', { message: said(error.message) })}
        </Text>
        <Text size="xs">{said(error.nextStep)}</Text>
      </div>
    );
  if (!answer)
    return (
      <Group gap={8}>
        <Loader size={14} />
        <Text size="sm">{t('Under way…')}</Text>
      </Group>
    );
  return 'message' in answer ? <Published message={answer.message} /> : <Answer answer={answer.request} />;
}

function Answer({ answer }: { answer: SentRequest }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const { failure, status, replica, headers, body, bodyBytes, bodyShownBytes } = answer;
  const spans = useOwnTrace(answer.traceId);
  const [message, setMessage] = useState<readonly TraceSpan[] | null>(null);
  return (
    <>
      <Group gap={8}>
        <Badge
          color={failure ? 'red' : 'green'}
          variant="light"
          leftSection={failure ? <IconX size={12} aria-hidden /> : <IconCheck size={12} aria-hidden />}
          data-testid="request-status"
        >
          {status ?? t('no answer')}
        </Badge>
        <Text size="sm" data-testid="request-latency">
          {formatMs(answer.durationMs)}
        </Text>
        <Text size="xs" c="dimmed">
          {edgeTitle(document, answer.edge)}
          {replica !== null && `, ${t('replica {{replica}}', { replica })}`} · {formatBytes(bodyBytes)}
        </Text>
        {answer.traceId !== null && <ShowWay spans={message ?? spans} />}
      </Group>
      {failure && <Failure failure={failure} />}
      {status !== null && (
        <>
          <dl className={classes.headers} aria-label={t('Headers of the answer')}>
            {Object.entries(headers).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {body === null ? (
            <Text size="xs" c="dimmed">
              {t('The body is no text: {{size}}.', { size: formatBytes(bodyBytes) })}
            </Text>
          ) : (
            <pre className={classes.body} data-testid="request-body">
              {body === '' ? t('(no body)') : body}
            </pre>
          )}
          {bodyShownBytes < bodyBytes && (
            <Text size="xs" c="dimmed">
              {t('The first {{shown}} of {{size}}.', {
                shown: formatBytes(bodyShownBytes),
                size: formatBytes(bodyBytes),
              })}
            </Text>
          )}
        </>
      )}
      <Trace traceId={answer.traceId} spans={spans} onMessage={setMessage} />
    </>
  );
}

/** Whether the broker has it, and who took it. */
function Published({ message }: { message: SentMessage }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const { failure, edge, to, messageId, durationMs, traceId } = message;
  const spans = useOwnTrace(traceId);
  const [ends, setEnds] = useState<readonly TraceSpan[] | null>(null);
  return (
    <>
      <Group gap={8}>
        <Badge
          color={failure ? 'red' : 'green'}
          variant="light"
          leftSection={failure ? <IconX size={12} aria-hidden /> : <IconCheck size={12} aria-hidden />}
          data-testid="message-status"
        >
          {failure ? t('not confirmed') : t('confirmed')}
        </Badge>
        <Text size="sm">{formatMs(durationMs)}</Text>
        <Text size="xs" c="dimmed">
          {edgeTitle(document, edge)} · {to} · <code>{messageId}</code>
        </Text>
        {traceId !== null && <ShowWay spans={ends ?? spans} />}
      </Group>
      {failure && <Failure failure={failure} />}
      <Trace traceId={traceId} spans={spans} onMessage={setEnds} />
    </>
  );
}

function Failure({ failure: { reason, hop, message } }: { failure: NonNullable<SentRequest['failure']> }) {
  useT();
  return (
    <Text size="sm" data-testid="request-failure">
      <Trans
        i18nKey="Failed: <b>{{reason}}</b> at <b>{{hop}}</b> ({{message}})"
        values={{ reason: said(reason), hop, message: said(message) }}
        components={{ b: <b /> }}
      />
    </Text>
  );
}

function Trace({
  traceId,
  spans,
  onMessage,
}: {
  traceId: string | null;
  spans: readonly TraceSpan[];
  onMessage: (ends: readonly TraceSpan[] | null) => void;
}) {
  const t = useT();
  if (traceId === null)
    return (
      <Text size="xs" c="dimmed">
        {t('Tracing is switched off, so that its way was not seen. Switch it on under Traces.')}
      </Text>
    );
  if (spans.length === 0)
    return (
      <Text size="xs" c="dimmed">
        {t('Its trace is on its way…')}
      </Text>
    );
  return <Waterfall spans={spans} onMessage={onMessage} />;
}

/** Brings what the request went through into view; it is lit as long as the answer is shown. */
function ShowWay({ spans }: { spans: readonly TraceSpan[] }) {
  const t = useT();
  const lit = useMemo(() => litPathOf(spans), [spans]);
  useEffect(() => {
    useTraceFocus.setState({ lit });
    return () => useTraceFocus.setState({ lit: null });
  }, [lit]);
  return (
    <Button
      size="compact-xs"
      variant="light"
      ml="auto"
      leftSection={<IconRoute size={13} />}
      disabled={lit === null}
      onClick={() => lit && showOnCanvas(lit.nodes)}
    >
      {t('Show its way on the canvas')}
    </Button>
  );
}
