import { notifications } from '@mantine/notifications';
import type { FaultStatus } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { t, useT } from '../i18n/t.ts';
import { takeOffAll } from './fault-actions.ts';
import classes from './faults.module.css';
import { ProofBadge } from './ProofBadge.tsx';
import { faultTitle } from './presentation.ts';
import { whereText } from './where-text.ts';

const SHOWN_MS = 8000;

/** Takes every fault off, and says of each whether a measurement shows that it is gone. */
export async function takeOffAllAndSay(): Promise<void> {
  const faults = await takeOffAll();
  if (faults) notifications.show(tellingOf(faults));
}

function tellingOf(faults: readonly FaultStatus[]): Parameters<typeof notifications.show>[0] {
  const id = 'taken-off';
  if (faults.length === 0) return { id, title: t('No fault was on'), message: t('There was nothing to take off.') };
  const unproven = faults.filter(({ proofOfRemoval }) => proofOfRemoval?.holds !== true).length;
  return {
    id,
    color: unproven === 0 ? 'teal' : 'red',
    title:
      unproven === 0
        ? t('All {{count}} faults are off, as measured', { count: faults.length })
        : t('{{unproven}} of {{count}} faults not shown to be off', {
            unproven,
            count: faults.length,
          }),
    message: <TakenOff faults={faults} />,
    // What was not shown stays until somebody has read it.
    autoClose: unproven === 0 ? SHOWN_MS : false,
  };
}

function TakenOff({ faults }: { faults: readonly FaultStatus[] }) {
  const t = useT();
  return (
    <ul className={classes.takenOff} aria-label={t('Faults that were taken off')}>
      {faults.map(({ id, fault, target, proofOfRemoval, error }) => (
        <li key={id}>
          <b>{faultTitle(fault)}</b> · {whereText(target)}{' '}
          {proofOfRemoval ? (
            <ProofBadge what="removal" proof={proofOfRemoval} pending={false} />
          ) : (
            t('removal not measured')
          )}
          <small>{said(error ?? proofOfRemoval?.evidence ?? '')}</small>
        </li>
      ))}
    </ul>
  );
}
