import { notifications } from '@mantine/notifications';
import type { FaultStatus } from '../../engine/api/types.ts';
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
  if (faults.length === 0) return { id, title: 'No fault was on', message: 'There was nothing to take off.' };
  const unproven = faults.filter(({ proofOfRemoval }) => proofOfRemoval?.holds !== true).length;
  const all = faults.length === 1 ? 'The fault is off' : `All ${faults.length} faults are off`;
  return {
    id,
    color: unproven === 0 ? 'teal' : 'red',
    title:
      unproven === 0
        ? `${all}, as measured`
        : `${unproven} of ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} not shown to be off`,
    message: <TakenOff faults={faults} />,
    // What was not shown stays until somebody has read it.
    autoClose: unproven === 0 ? SHOWN_MS : false,
  };
}

function TakenOff({ faults }: { faults: readonly FaultStatus[] }) {
  return (
    <ul className={classes.takenOff} aria-label="Faults that were taken off">
      {faults.map(({ id, fault, target, proofOfRemoval, error }) => (
        <li key={id}>
          <b>{faultTitle(fault)}</b> · {whereText(target)}{' '}
          {proofOfRemoval ? (
            <ProofBadge what="removal" proof={proofOfRemoval} pending={false} />
          ) : (
            'removal not measured'
          )}
          <small>{error ?? proofOfRemoval?.evidence}</small>
        </li>
      ))}
    </ul>
  );
}
