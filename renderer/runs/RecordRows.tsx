import { Checkbox } from '@mantine/core';
import type { RecordSummary } from '../../engine/records/record.ts';
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
            <time>{whenOf(record)}</time>
            <b>{record.manifest ? `${record.manifest.document.name}: ${record.manifest.name}` : record.id}</b>
            <span>{record.verdict ?? record.state}</span>
            <span>
              {record.counts
                ? `${formatCount(record.counts.ok)} of ${formatCount(record.counts.issued)} ok`
                : (record.problem ?? '')}
            </span>
            <span>{formatBytes(record.sizeBytes)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const whenOf = ({ manifest, id }: RecordSummary): string =>
  manifest ? new Date(manifest.startedAtMs).toLocaleString() : id.slice(0, 19);
