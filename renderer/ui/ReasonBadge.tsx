import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { showFailures } from '../stores/trace-focus.ts';
import classes from './ReasonBadge.module.css';

/** Why requests failed, here or anywhere, and as its child how many; a click shows their traces. */
export function ReasonBadge({ reason, hop, children }: { reason: string; hop?: string; children: ReactNode }) {
  const where = hop === undefined ? '' : ` at ${hop}`;
  return (
    <button
      type="button"
      className={`${classes.badge} nodrag nopan`}
      data-reason={reason}
      title={`Requests failed${where}: ${reason}. Click for their traces.`}
      aria-label={`Traces of requests that failed${where}: ${reason}`}
      onClick={(event) => {
        event.stopPropagation();
        showFailures(reason, hop);
      }}
    >
      <IconX size={11} stroke={3} aria-hidden />
      {reason} {children}
    </button>
  );
}
