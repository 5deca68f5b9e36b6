import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLock, IconLockOpen2 } from '@tabler/icons-react';
import { useT } from '../i18n/t.ts';
import { edit } from '../stores/document.ts';
import { setLocked } from '../stores/parts.ts';
import { useReadOnly } from '../stores/trust.ts';

/** Keeps a part where it is, or frees it. */
export function LockButton({ part, name, locked }: { part: string; name: string; locked: boolean }) {
  const t = useT();
  const readOnly = useReadOnly();
  return (
    <Tooltip
      label={locked ? t('Locked: it is not moved or deleted. Click to free it.') : t('Lock: keep it where it is')}
    >
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={locked ? t('Unlock {{name}}', { name }) : t('Lock {{name}}', { name })}
        aria-pressed={locked}
        disabled={readOnly}
        onClick={() =>
          edit((document) => setLocked(document, [part], !locked), {
            name: locked ? t('unlock {{what}}', { what: name }) : t('lock {{what}}', { what: name }),
          })
        }
      >
        {locked ? <IconLock size={17} /> : <IconLockOpen2 size={17} />}
      </ActionIcon>
    </Tooltip>
  );
}
