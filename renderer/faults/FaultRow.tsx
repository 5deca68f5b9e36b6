import { Button, Stack, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { ActiveFault } from './ActiveFault.tsx';
import { injectDraft, problemsOfDraft, useDraft } from './drafts.ts';
import { FaultForm } from './FaultForm.tsx';
import type { FaultEntry } from './fault-menu.ts';
import classes from './faults.module.css';
import { faultIcon } from './presentation.ts';
import type { FaultScope } from './scope.ts';

interface Props {
  entry: FaultEntry;
  scope: FaultScope;
  replicas: readonly number[] | null;
  active: readonly FaultStatus[];
  frame: EngineFrame | null;
  held: string | null;
}

/** One fault of a menu: injected with one click as it is set, or opened to be set. */
export function FaultRow({ entry, scope, replicas, active, frame, held }: Props) {
  const t = useT();
  const { definition, refusal, limit } = entry;
  const [open, setOpen] = useState(false);
  const [draft] = useDraft(definition, scope);
  const Icon = faultIcon(definition.fault);
  const reason = refusal ?? held;
  const broken = problemsOfDraft(definition, draft).length > 0;
  return (
    <div className={classes.row} data-on={active.length > 0} data-testid={`fault-${definition.fault}`}>
      <div className={classes.rowHead}>
        <Tooltip label={refusal ?? limit ?? said(definition.help)} position="left" withinPortal>
          <button
            type="button"
            className={classes.rowTitle}
            data-dim={refusal !== null || limit !== null}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
            <Icon size={15} aria-hidden />
            <span>{said(definition.title)}</span>
            {limit && <IconAlertTriangle size={13} aria-label={t('Different on this operating system')} />}
          </button>
        </Tooltip>
        {!open && (
          <Button
            size="compact-xs"
            color="red"
            variant="light"
            disabled={reason !== null || broken}
            title={reason ?? (broken ? t('What it is set to is not valid.') : undefined)}
            aria-label={t('Inject {{title}}', { title: said(definition.title) })}
            onClick={() => void injectDraft(definition, scope)}
          >
            {t('Inject')}
          </Button>
        )}
      </div>
      {frame && active.length > 0 && (
        <Stack gap={8} className={classes.rowBody}>
          {active.map((fault) => (
            <ActiveFault key={fault.id} fault={fault} frame={frame} />
          ))}
        </Stack>
      )}
      {open && (
        <div className={classes.rowBody}>
          <FaultForm entry={entry} scope={scope} replicas={replicas} held={held} />
        </div>
      )}
    </div>
  );
}
