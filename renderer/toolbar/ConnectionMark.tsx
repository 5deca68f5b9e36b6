import { Tooltip } from '@mantine/core';
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import { useConnection } from '../engine-client/client.ts';
import { desktop } from '../engine-client/desktop.ts';
import { useRun } from '../stores/run.ts';
import classes from './Toolbar.module.css';

const REFUSED_OFTEN = 6;

/** Whether the engine can be reached. Edits go on without it. */
export function ConnectionMark() {
  const { state, refused } = useConnection();
  const host = useRun((run) => run.host);
  const stuck = state === 'connecting' && refused >= REFUSED_OFTEN;
  const text =
    state === 'online'
      ? 'Engine ready'
      : stuck
        ? 'No engine'
        : state === 'reconnecting'
          ? 'Engine lost, reconnecting…'
          : 'Connecting…';
  const help =
    state === 'online'
      ? host && `${host.cores} cores · ${(host.memoryBytes / 2 ** 30).toFixed(1)} GiB · Node ${host.versions.node}`
      : stuck && !desktop
        ? 'The engine does not answer, or refuses this address. Open the address that "archipel web" printed, with its token.'
        : 'The engine is being reached. Your edits are kept and can go on.';
  return (
    <Tooltip label={help} disabled={!help}>
      <span className={classes.status} data-state={state} role="status" data-testid="connection">
        {state === 'online' ? (
          <IconPlugConnected size={15} aria-hidden />
        ) : (
          <IconPlugConnectedX size={15} aria-hidden />
        )}
        {text}
      </span>
    </Tooltip>
  );
}
