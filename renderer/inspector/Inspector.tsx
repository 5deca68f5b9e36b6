import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { groupKey } from '../stores/group-edits.ts';
import { noteKey } from '../stores/note-edits.ts';
import { useSession } from '../stores/session.ts';
import { DocumentInspector } from './DocumentInspector.tsx';
import { EdgeInspector } from './EdgeInspector.tsx';
import { GroupInspector } from './GroupInspector.tsx';
import classes from './Inspector.module.css';
import { NodeInspector } from './NodeInspector.tsx';
import { NoteInspector } from './NoteInspector.tsx';
import { SelectionInspector } from './SelectionInspector.tsx';
import { StepInspector } from './StepInspector.tsx';

/** What is selected, or the document when nothing is. */
export function Inspector() {
  const t = useT();
  const selectedNodes = useSession((state) => state.selectedNodes);
  const selectedEdges = useSession((state) => state.selectedEdges);
  const step = useSession(({ selectedStep, bottomTab, bottomOpen }) =>
    bottomOpen && bottomTab === 'experiments' ? selectedStep : null,
  );
  const experiment = useSession((state) => state.experiment);
  const node = useDocument(({ document }) =>
    selectedNodes.length === 1 ? document.nodes.find(({ id }) => id === selectedNodes[0]) : undefined,
  );
  const group = useDocument(({ document }) =>
    selectedNodes.length === 1 ? document.groups.find(({ id }) => groupKey(id) === selectedNodes[0]) : undefined,
  );
  const note = useDocument(({ document }) =>
    selectedNodes.length === 1 ? document.notes.find(({ id }) => noteKey(id) === selectedNodes[0]) : undefined,
  );
  const edge = useDocument(({ document }) =>
    selectedEdges.length === 1 ? document.edges.find(({ id }) => id === selectedEdges[0]) : undefined,
  );
  return (
    <aside className={classes.inspector} aria-label={t('Inspector')} data-region="inspector">
      {step ? (
        <StepInspector key={`${experiment} ${step.join('.')}`} index={experiment} path={step} />
      ) : selectedNodes.length + selectedEdges.length > 1 ? (
        <SelectionInspector nodes={selectedNodes} edges={selectedEdges} />
      ) : group ? (
        <GroupInspector key={group.id} group={group} />
      ) : note ? (
        <NoteInspector key={note.id} note={note} />
      ) : node ? (
        <NodeInspector key={node.id} node={node} />
      ) : edge ? (
        <EdgeInspector key={edge.id} edge={edge} />
      ) : (
        <DocumentInspector />
      )}
    </aside>
  );
}
