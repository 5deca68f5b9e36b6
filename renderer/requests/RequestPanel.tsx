import { Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatClock, formatMs } from '../ui/format.ts';
import { AnswerView } from './AnswerView.tsx';
import { RequestForm } from './RequestForm.tsx';
import { type Sent, showSent, useRequests } from './request-store.ts';
import classes from './requests.module.css';

/** A request or a message by hand: what is sent, what came back, and those before. */
export function RequestPanel() {
  const t = useT();
  const history = useRequests((state) => state.history);
  const shown = useRequests((state) => state.shown);
  const sent = history.find(({ id }) => id === shown);
  return (
    <div className={classes.panel}>
      <RequestForm />
      <section className={classes.answer} aria-label={t('Answer')} aria-live="polite">
        {sent ? (
          <AnswerView key={sent.id} sent={sent} />
        ) : (
          <Text size="sm" c="dimmed">
            {t(
              'Sent really, through the link of the connection, so that its faults act: once, with the timeout of the connection and none of its other policies. It is always traced, and belongs to no traffic that is measured.',
            )}
          </Text>
        )}
      </section>
      <section className={classes.history} aria-label={t('Requests that were sent')}>
        {history.length === 0 ? (
          <Text size="xs" c="dimmed">
            {t('What you send is listed here, to be looked at, changed and sent again.')}
          </Text>
        ) : (
          <ul className={classes.rows}>
            {history.map((entry) => (
              <li key={entry.id}>
                <button
                  type="button"
                  className={classes.row}
                  aria-current={entry.id === shown}
                  onClick={() => showSent(entry)}
                >
                  <Outcome sent={entry} />
                  <b>
                    {entry.draft.message === null
                      ? `${entry.draft.method} ${entry.draft.path}`
                      : `→ ${entry.draft.message.to}`}
                  </b>
                  <span>
                    {entry.answer
                      ? `${formatClock(outcomeOf(entry.answer).sentAtMs)} · ${formatMs(outcomeOf(entry.answer).durationMs)}`
                      : said(entry.error?.code ?? '') || t('under way')}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

const outcomeOf = (answer: NonNullable<Sent['answer']>) => ('message' in answer ? answer.message : answer.request);

function Outcome({ sent: { answer, error } }: { sent: Sent }) {
  const t = useT();
  if (error) return <IconAlertTriangle size={14} color="var(--state-degraded)" aria-label={t('not sent')} />;
  if (!answer) return <span className={classes.sign}>…</span>;
  const { failure } = outcomeOf(answer);
  const status = 'request' in answer ? answer.request.status : null;
  return (
    <span className={classes.sign} data-failed={failure !== null}>
      {failure ? <IconX size={13} aria-label={t('failed')} /> : <IconCheck size={13} aria-label={t('ok')} />}
      {status ?? said(failure?.reason ?? '')}
    </span>
  );
}
