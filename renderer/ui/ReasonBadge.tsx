import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { showFailures } from '../stores/trace-focus.ts';
import classes from './ReasonBadge.module.css';

/** Why requests failed, here or anywhere, and as its child how many; a click shows their traces. */
export function ReasonBadge({ reason, hop, children }: { reason: string; hop?: string; children: ReactNode }) {
  const t = useT();
  const text = said(reason);
  return (
    <button
      type="button"
      className={`${classes.badge} nodrag nopan`}
      data-reason={reason}
      title={
        hop === undefined
          ? t('Requests failed: {{reason}}. Click for their traces.', { reason: text })
          : t('Requests failed at {{hop}}: {{reason}}. Click for their traces.', { hop, reason: text })
      }
      onClick={(event) => {
        event.stopPropagation();
        showFailures(reason, hop);
      }}
    >
      <span className="visually-hidden">
        {hop === undefined
          ? t('Traces of requests that failed:')
          : t('Traces of requests that failed at {{hop}}:', { hop })}
      </span>
      <IconX size={11} stroke={3} aria-hidden />
      {text} {children}
    </button>
  );
}
