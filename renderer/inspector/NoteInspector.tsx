import { ActionIcon, SegmentedControl, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ArchipelNote } from '../../engine/model/notes.ts';
import { noteSchema } from '../../engine/model/notes.ts';
import { closeStep, edit } from '../stores/document.ts';
import { changeNote, noteKey } from '../stores/note-edits.ts';
import { removeParts } from '../stores/parts.ts';
import { useReadOnly } from '../stores/trust.ts';
import classes from './Inspector.module.css';
import { LockButton } from './LockButton.tsx';

const colors = noteSchema.shape.color.unwrap().options;

export function NoteInspector({ note }: { note: ArchipelNote }) {
  const readOnly = useReadOnly();
  const { id } = note;
  const locked = note.locked === true;
  return (
    <>
      <div className={classes.head}>
        <Text fw={600} size="sm" component="h2" m={0} style={{ flex: 1 }}>
          Note
        </Text>
        <LockButton part={noteKey(id)} name="the note" locked={locked} />
        <Tooltip label="Remove this note (Delete)">
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label="Remove the note"
            disabled={readOnly || locked}
            onClick={() => edit((document) => removeParts(document, [noteKey(id)]), { name: 'remove a note' })}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.body}>
        <Stack gap="md">
          <Textarea
            label="Text"
            description="For people: it runs nothing."
            autosize
            minRows={4}
            maxRows={18}
            maxLength={4000}
            disabled={readOnly}
            value={note.text}
            onChange={({ currentTarget: { value } }) =>
              edit((document) => changeNote(document, id, (before) => ({ ...before, text: value })), {
                step: `note ${id}`,
                name: 'write a note',
              })
            }
            onBlur={closeStep}
          />
          <SegmentedControl
            size="xs"
            aria-label="Colour"
            disabled={readOnly}
            data={colors.map((value) => ({ value, label: value }))}
            value={note.color}
            onChange={(color) =>
              edit(
                (document) =>
                  changeNote(document, id, (before) => ({ ...before, color: color as typeof before.color })),
                {
                  name: 'colour a note',
                },
              )
            }
          />
        </Stack>
      </div>
    </>
  );
}
