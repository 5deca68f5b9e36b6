import { Button, Group } from '@mantine/core';
import { action, perform, shortcutOf } from '../actions/registry.ts';
import { showOnCanvas } from '../canvas/show-on-canvas.ts';
import { canvasViewport } from '../canvas/viewport.ts';
import { EmptyState } from '../empty/EmptyState.tsx';
import { key, useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { openOverlay } from '../stores/overlay.ts';
import { useSession } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import classes from './Outline.module.css';
import { OutlineGrid } from './OutlineGrid.tsx';

const templatesAction = { label: key('Open the templates'), starts: false, act: () => openOverlay('templates') };

/** The canvas in words: everything on it with its state and figures, for those who read or hear rather than look. */
export function OutlinePanel() {
  const t = useT();
  const empty = useDocument(
    ({ document: { nodes, groups, notes } }) => nodes.length + groups.length + notes.length === 0,
  );
  if (empty)
    return (
      <EmptyState title={t('Nothing is drawn yet')} actions={[templatesAction]}>
        {t(
          'Here stands all that is on the canvas, as a list that keys and screen readers walk through: what there is, how it does, and what calls what.',
        )}
      </EmptyState>
    );
  return (
    <div className={classes.panel}>
      <SelectionButtons />
      <OutlineGrid />
    </div>
  );
}

/** What can be done with what is selected; the same as on the canvas, with the same keys. */
function SelectionButtons() {
  const t = useT();
  // Why something cannot be done now depends on these.
  const nodes = useSession(({ selectedNodes }) => selectedNodes);
  const edges = useSession(({ selectedEdges }) => selectedEdges);
  useDocument(({ document }) => document);
  useReadOnly();
  return (
    <Group gap={6} role="toolbar" aria-label={t('With what is selected')}>
      <Button
        size="compact-xs"
        variant="default"
        disabled={nodes.length + edges.length === 0}
        onClick={() => {
          const ends = useDocument.getState().document.edges.filter(({ id }) => edges.includes(id));
          showOnCanvas([...nodes, ...ends.flatMap(({ source, target }) => [source, target])]);
        }}
      >
        {t('Show on the canvas')}
      </Button>
      <Do id="rename" label={t('Rename')} />
      <Do id="connect-to" label={t('Connect to…')} />
      <Do id="connect-from" label={t('Connect from…')} />
      <Do id="faults" label={t('Inject a fault…')} />
      <Do id="delete" label={t('Delete')} />
      <Button size="compact-xs" variant="subtle" onClick={() => canvasViewport().focus(nodes[0] ?? null)}>
        {t('To the canvas')}
      </Button>
    </Group>
  );
}

function Do({ id, label }: { id: string; label: string }) {
  const why = action(id).disabled?.() ?? null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      disabled={why !== null}
      title={why ?? shortcutOf(id)}
      onClick={() => perform(id)}
    >
      {label}
    </Button>
  );
}
