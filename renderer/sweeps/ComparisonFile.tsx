import { Button, Group, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { desktop } from '../engine-client/desktop.ts';
import { useT } from '../i18n/t.ts';
import { isComparisonEdited, newComparison, useComparison } from '../stores/comparison.ts';
import { fileName } from '../stores/file.ts';
import { nameForComparison, saveComparison } from './save-comparison.ts';

/** What the comparison is about, and the file that it is kept in. */
export function ComparisonFile() {
  const t = useT();
  const comparison = useComparison();
  const { title, statement, file, b } = comparison;
  const [where, setWhere] = useState<string | null>(null);
  const edited = isComparisonEdited(comparison);
  const held = !b ? t('Choose document B first.') : title.trim() === '' ? t('Give it a title first.') : null;

  const save = async (): Promise<void> => {
    if (file?.path) return saveComparison(file.path);
    if (!desktop) return setWhere(nameForComparison());
    const path = await desktop.saveFileDialog(nameForComparison());
    if (path) await saveComparison(path);
  };

  return (
    <>
      <TextInput
        size="xs"
        label={t('Title of the comparison')}
        maxLength={200}
        value={title}
        onChange={(event) => useComparison.setState({ title: event.currentTarget.value })}
      />
      <Textarea
        size="xs"
        label={t('What it demonstrates')}
        autosize
        maxRows={4}
        maxLength={2000}
        value={statement}
        onChange={(event) => useComparison.setState({ statement: event.currentTarget.value })}
      />
      <Group gap="xs" my={6}>
        <Button
          size="compact-xs"
          variant="default"
          disabled={held !== null || (file?.path != null && !edited)}
          title={held ?? undefined}
          onClick={() => void save()}
        >
          {t('Save comparison')}
        </Button>
        {file && (
          <Button size="compact-xs" variant="subtle" onClick={newComparison}>
            {t('New comparison')}
          </Button>
        )}
        <Text size="xs" c="dimmed" data-testid="comparison-file">
          {file?.path
            ? edited
              ? t('{{name}}, edited', { name: fileName(file.path) })
              : fileName(file.path)
            : t('It is in no file.')}
        </Text>
      </Group>
      {where !== null && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void saveComparison(where.trim()).then(() => setWhere(null));
          }}
        >
          <Group gap={4} align="flex-end" wrap="nowrap" mb={6}>
            <TextInput
              size="xs"
              style={{ flex: 1 }}
              label={t('Path of the comparison')}
              description={t('On the machine that runs the engine.')}
              value={where}
              onChange={(event) => setWhere(event.currentTarget.value)}
              spellCheck={false}
            />
            <Button size="xs" variant="default" type="submit" disabled={where.trim() === ''}>
              {t('Save there')}
            </Button>
          </Group>
        </form>
      )}
    </>
  );
}
