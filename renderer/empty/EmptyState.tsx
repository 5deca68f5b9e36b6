import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Key, useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useRun } from '../stores/run.ts';

export interface EmptyAction {
  label: Key;
  /** It starts something, and so needs a document and an engine that is idle. */
  starts: boolean;
  act(): void;
}

/** What would stand here, how it comes about, and the step towards it. */
export function EmptyState(props: { title: string; children: ReactNode; actions: readonly EmptyAction[] }) {
  const t = useT();
  const empty = useDocument(({ document }) => document.nodes.length === 0);
  const running = useRun(({ frame, busy }) => busy !== null || (frame !== null && frame.topology !== 'stopped'));
  return (
    <section aria-label={props.title}>
      <Text size="sm" fw={600}>
        {props.title}
      </Text>
      <Text size="sm" c="dimmed" maw={560}>
        {props.children}
      </Text>
      <Group gap={6} mt={6}>
        {props.actions.map(({ label, starts, act }) => (
          <Button
            key={label}
            size="compact-xs"
            variant="light"
            disabled={starts && (empty || running)}
            title={starts && empty ? t('First draw something, or open an example.') : undefined}
            onClick={act}
          >
            {t(label)}
          </Button>
        ))}
      </Group>
    </section>
  );
}
