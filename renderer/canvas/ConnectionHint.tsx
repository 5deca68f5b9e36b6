import { IconBan, IconPlugConnected } from '@tabler/icons-react';
import { Panel, useConnection } from 'reactflow';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import classes from './ConnectionHint.module.css';
import { refusal } from './connection-rules.ts';

/** While a connection is drawn: whether it may end where the pointer is, and why not. */
export function ConnectionHint() {
  const t = useT();
  const ends = useConnection(({ fromNode, fromHandle, toNode }) => {
    if (!fromNode || !fromHandle) return null;
    if (!toNode) return `${fromNode.id}|`;
    return fromHandle.type === 'source' ? `${fromNode.id}|${toNode.id}` : `${toNode.id}|${fromNode.id}`;
  });
  if (ends === null) return null;
  const [source = '', target = ''] = ends.split('|');
  if (!target) return null;
  const why = refusal(useDocument.getState().document, { source, target });
  return (
    <Panel position="top-center">
      <div className={classes.hint} data-refused={why !== null} role="status">
        {why === null ? <IconPlugConnected size={15} aria-hidden /> : <IconBan size={15} aria-hidden />}
        {why ?? t('Release to connect.')}
      </div>
    </Panel>
  );
}
