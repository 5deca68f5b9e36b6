import { Badge, Checkbox } from '@mantine/core';
import type { Verdict } from '../../engine/api/types.ts';
import type { RecordState, RecordSummary } from '../../engine/records/record.ts';
import { VerdictBadge } from '../experiments/VerdictBadge.tsx';
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
  return (
    <ul className={classes.rows} data-testid="records">
      {records.map((record) => (
        <li key={record.id} className={classes.row}>
          <Checkbox
            size="xs"
            aria-label={`Choose ${record.id}`}
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
                  ? `${formatCount(record.counts.ok)} of ${formatCount(record.counts.issued)} ok`
                  : (record.problem ?? '')}
              </span>
              <span>{formatBytes(record.sizeBytes)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const states: Record<Exclude<RecordState, 'complete'>, { title: string; color: string }> = {
  recording: { title: 'being recorded', color: 'blue' },
  interrupted: { title: 'cut off', color: 'orange' },
  broken: { title: 'cannot be read', color: 'red' },
};

/** Its verdict, or why it has none. */
function Outcome({ record: { state, verdict } }: { record: RecordSummary }) {
  if (state !== 'complete')
    return (
      <Badge size="sm" variant="light" color={states[state].color} component="span" data-record-state={state}>
        {states[state].title}
      </Badge>
    );
  return verdict === null ? <span>run</span> : <VerdictBadge verdict={verdict as Verdict} />;
}

const whenOf = ({ manifest, id }: RecordSummary): string =>
  manifest ? new Date(manifest.startedAtMs).toLocaleString() : id.slice(0, 19);
