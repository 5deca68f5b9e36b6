import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconChevronDown,
  IconChevronRight,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { type FieldProps, useForm } from './context.ts';
import classes from './form.module.css';
import { initialValue } from './initial-value.ts';
import { ObjectFields } from './ObjectInput.tsx';
import { summaryOf } from './summary.ts';

/** Entries that open and close, with one line that tells them apart. */
export function ListInput({ field, value, path }: FieldProps<'list'>) {
  const t = useT();
  const form = useForm();
  const items = Array.isArray(value) ? (value as unknown[]) : ((field.fallback as unknown[] | undefined) ?? []);
  const [open, setOpen] = useState<number | null>(null);
  const one = (field.item.label ? said(field.item.label) : t('Entry')).toLowerCase();
  const problem = form.problemsAt(path);

  const replace = (next: unknown[], opened: number | null) => {
    form.change(path, next);
    form.leave();
    setOpen(opened);
  };
  const move = (from: number, to: number) => {
    const next = [...items];
    next.splice(to, 0, ...next.splice(from, 1));
    replace(next, open === from ? to : open);
  };

  return (
    <div>
      <Group justify="space-between" gap="0 8px">
        <Text size="xs" fw={600}>
          {field.label}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} />}
          onClick={() => replace([...items, initialValue(field.item)], items.length)}
        >
          {t('Add {{one}}', { one })}
        </Button>
      </Group>
      {field.help && (
        <Text fz={11} lh={1.35} c="dimmed" mb={4}>
          {field.help}
        </Text>
      )}
      {problem && (
        <Text size="xs" c="red" mb={4}>
          {problem}
        </Text>
      )}
      <Stack gap={4}>
        {items.map((item, index) => {
          const summary = summaryOf(item);
          const label = `${one} ${index + 1}, ${summary}`;
          const isOpen = open === index;
          const at = [...path, index];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries of a document have no identity but their place
            <div key={index} className={classes.item} data-open={isOpen} data-invalid={form.problemsBelow(at)}>
              <div className={classes.itemHead}>
                <button
                  type="button"
                  className={classes.itemTitle}
                  aria-expanded={isOpen}
                  onClick={() => setOpen(isOpen ? null : index)}
                >
                  {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
                  <span>{summary}</span>
                </button>
                {index > 0 && (
                  <ActionIcon
                    size={24}
                    variant="subtle"
                    color="gray"
                    aria-label={t('Move up {{label}}', { label })}
                    onClick={() => move(index, index - 1)}
                  >
                    <IconArrowUp size={14} />
                  </ActionIcon>
                )}
                {index < items.length - 1 && (
                  <ActionIcon
                    size={24}
                    variant="subtle"
                    color="gray"
                    aria-label={t('Move down {{label}}', { label })}
                    onClick={() => move(index, index + 1)}
                  >
                    <IconArrowDown size={14} />
                  </ActionIcon>
                )}
                <ActionIcon
                  size={24}
                  variant="subtle"
                  color="red"
                  aria-label={t('Remove {{label}}', { label })}
                  onClick={() =>
                    replace(
                      items.filter((_, other) => other !== index),
                      null,
                    )
                  }
                >
                  <IconTrash size={14} />
                </ActionIcon>
              </div>
              {isOpen && (
                <Stack gap="xs" className={classes.itemBody}>
                  {field.item.type === 'object' ? (
                    <ObjectFields field={field.item} value={item} path={at} />
                  ) : (
                    <form.Input name="" field={field.item} value={item} siblings={{}} path={at} />
                  )}
                </Stack>
              )}
            </div>
          );
        })}
      </Stack>
    </div>
  );
}
