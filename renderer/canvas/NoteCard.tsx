import { IconLock } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { type Node, type NodeProps, NodeResizer } from 'reactflow';
import type { ArchipelNote } from '../../engine/model/notes.ts';
import { useT } from '../i18n/t.ts';
import { closeStep, edit } from '../stores/document.ts';
import { changeNote } from '../stores/note-edits.ts';
import { useReadOnly } from '../stores/trust.ts';
import classes from './NoteCard.module.css';

export type NoteNode = Node<{ note: ArchipelNote }, 'note'>;

/** Something written on the canvas. A double click, or Enter on a selected one, writes in it. */
export const NoteCard = memo(function NoteCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const t = useT();
  const readOnly = useReadOnly();
  const [writing, setWriting] = useState(false);
  const { id } = note;
  return (
    <>
      <NodeResizer
        isVisible={selected && !readOnly && !note.locked}
        minWidth={80}
        minHeight={40}
        onResizeEnd={(_, { x, y, width, height }) =>
          edit(
            (document) =>
              changeNote(document, id, (before) => ({
                ...before,
                position: { x: Math.round(x), y: Math.round(y) },
                size: { width: Math.round(width), height: Math.round(height) },
              })),
            { name: t('resize a note') },
          )
        }
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its keys are those of the card around it; the field inside has the rest. */}
      <div
        className={classes.note}
        data-color={note.color}
        data-selected={selected}
        data-testid={`note-${id}`}
        onDoubleClick={() => !readOnly && setWriting(true)}
      >
        {note.locked && <IconLock size={13} className={classes.lock} aria-label={t('Locked')} />}
        {writing ? (
          <textarea
            className={`${classes.text} nodrag nowheel`}
            aria-label={t('Text of the note')}
            // biome-ignore lint/a11y/noAutofocus: it opens because somebody asked to write in it.
            autoFocus
            maxLength={4000}
            value={note.text}
            onChange={({ currentTarget: { value } }) =>
              edit((document) => changeNote(document, id, (before) => ({ ...before, text: value })), {
                step: `note ${id}`,
                name: t('write a note'),
              })
            }
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
            onBlur={() => {
              closeStep();
              setWriting(false);
            }}
          />
        ) : (
          <p className={classes.text}>{note.text || <i>{t('Double click to write')}</i>}</p>
        )}
      </div>
    </>
  );
});
