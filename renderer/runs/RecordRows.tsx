import { Badge, Checkbox } from '@mantine/core';
import i18next from 'i18next';
import type { Verdict } from '../../engine/api/types.ts';
import type { RecordState, RecordSummary } from '../../engine/records/record.ts';
import { VerdictBadge } from '../experiments/VerdictBadge.tsx';
import { said } from '../i18n/said.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import classes from './RunsPanel.module.css';

interface Props {
  records: readonly RecordSummary[];
  chosen: readonly string[];
  onChoose(id: string): void;
  onOpen(id: string): void;
}

/** The records, the newest first. */
export function RecordRows({ records, chosen, onChoose, onOpen }: Props) {
  const t = useT();
  return (
    <ul className={classes.rows} data-testid="records">
      {records.map((record) => (
        <li key={record.id} className={classes.row}>
          <Checkbox
            size="xs"
            aria-label={t('Choose {{id}}', { id: record.id })}
            checked={chosen.includes(record.id)}
            onChange={() => onChoose(record.id)}
          />
          <button type="button" className={classes.open} onClick={() => onOpen(record.id)}>
            <b>{record.manifest ? `${record.manifest.document.name}: ${record.manifest.name}` : record.id}</b>
            <Outcome record={record} />
            <span className={classes.facts}>
              <time>{whenOf(record)}</time>
              <span>
                {record.counts
                  ? t('{{ok}} of {{issued}} ok', {
                      ok: formatCount(record.counts.ok),
                      issued: formatCount(record.counts.issued),
                    })
                  : said(record.problem ?? '')}
              </span>
              <span>{formatBytes(record.sizeBytes)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const states: Record<Exclude<RecordState, 'complete'>, { title: Key; color: string }> = {
  recording: { title: key('being recorded'), color: 'blue' },
  interrupted: { title: key('cut off'), color: 'orange' },
  broken: { title: key('cannot be read'), color: 'red' },
};

/** Its verdict, or why it has none. */
function Outcome({ record: { state, verdict } }: { record: RecordSummary }) {
  const t = useT();
  if (state !== 'complete')
    return (
      <Badge size="sm" variant="light" color={states[state].color} component="span" data-record-state={state}>
        {t(states[state].title)}
      </Badge>
    );
  return verdict === null ? <span>{t('run')}</span> : <VerdictBadge verdict={verdict as Verdict} />;
}

const whenOf = ({ manifest, id }: RecordSummary): string =>
  manifest ? new Date(manifest.startedAtMs).toLocaleString(i18next.language) : id.slice(0, 19);
