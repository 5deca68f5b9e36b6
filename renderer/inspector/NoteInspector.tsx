import { ActionIcon, SegmentedControl, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ArchipelNote } from '../../engine/model/notes.ts';
import { noteSchema } from '../../engine/model/notes.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { closeStep, edit } from '../stores/document.ts';
import { changeNote, noteKey } from '../stores/note-edits.ts';
import { removeParts } from '../stores/parts.ts';
import { useReadOnly } from '../stores/trust.ts';
import classes from './Inspector.module.css';
import { LockButton } from './LockButton.tsx';

const colors = noteSchema.shape.color.unwrap().options;

const colorTitles: Record<ArchipelNote['color'], Key> = {
  yellow: key('yellow'),
  green: key('green'),
  blue: key('blue'),
  pink: key('pink'),
};

export function NoteInspector({ note }: { note: ArchipelNote }) {
  const t = useT();
  const readOnly = useReadOnly();
  const { id } = note;
  const locked = note.locked === true;
  return (
    <>
      <div className={classes.head}>
        <Text fw={600} size="sm" component="h2" m={0} style={{ flex: 1 }}>
          {t('Note')}
        </Text>
        <LockButton part={noteKey(id)} name={t('the note')} locked={locked} />
        <Tooltip label={t('Remove this note (Delete)')}>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('Remove the note')}
            disabled={readOnly || locked}
            onClick={() => edit((document) => removeParts(document, [noteKey(id)]), { name: t('remove a note') })}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.body}>
        <Stack gap="md">
          <Textarea
            label={t('Text')}
            description={t('For people: it runs nothing.')}
            autosize
            minRows={4}
            maxRows={18}
            maxLength={4000}
            disabled={readOnly}
            value={note.text}
            onChange={({ currentTarget: { value } }) =>
              edit((document) => changeNote(document, id, (before) => ({ ...before, text: value })), {
                step: `note ${id}`,
                name: t('write a note'),
              })
            }
            onBlur={closeStep}
          />
          <SegmentedControl
            size="xs"
            aria-label={t('Colour')}
            disabled={readOnly}
            data={colors.map((value) => ({ value, label: t(colorTitles[value]) }))}
            value={note.color}
            onChange={(color) =>
              edit(
                (document) =>
                  changeNote(document, id, (before) => ({ ...before, color: color as typeof before.color })),
                {
                  name: t('colour a note'),
                },
              )
            }
          />
        </Stack>
      </div>
    </>
  );
}
