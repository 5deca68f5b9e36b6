import { IconFileDownload } from '@tabler/icons-react';
import { useT } from '../i18n/t.ts';
import classes from './DropHint.module.css';
import { useDropping } from './drops.ts';

/** Says what a file that hangs over the window becomes once it is let go. */
export function DropHint() {
  const t = useT();
  const dropping = useDropping((state) => state.dropping);
  if (!dropping) return null;
  return (
    <div className={classes.hint} role="status">
      <IconFileDownload size={22} aria-hidden />
      <b>{t('Drop to open')}</b>
      <span>{t('a document of Archipel, or a docker-compose.yml')}</span>
    </div>
  );
}
