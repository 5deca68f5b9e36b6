import { Button, Group, Menu, Text } from '@mantine/core';
import { useState } from 'react';
import { shownError } from '../engine-client/errors.ts';
import { useT } from '../i18n/t.ts';
import { showError } from '../stores/session.ts';
import { type ExportFormat, exportFormats, exportReport, openReport } from './export-report.ts';

/** Hands a run on: its report opened, or saved in any format. */
export function ReportButtons({ id }: { id: string }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);

  const attempt = async (what: string, action: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setSaved(null);
    try {
      await action();
    } catch (problem) {
      showError(what, shownError(problem));
    } finally {
      setBusy(false);
    }
  };
  const save = (format: ExportFormat) =>
    attempt(t('The report was not saved'), async () => setSaved(await exportReport(id, format)));

  return (
    <Group gap={6} mb={6}>
      <Button
        size="compact-xs"
        variant="light"
        loading={busy}
        onClick={() => void attempt(t('The report was not opened'), () => openReport(id))}
      >
        {t('Open report')}
      </Button>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="compact-xs" variant="default" disabled={busy}>
            {t('Save report as …')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {exportFormats.map((format) => (
            <Menu.Item key={format.format} onClick={() => void save(format)}>
              {t(format.title)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {saved !== null && (
        <Text size="xs" c="dimmed" role="status">
          {t('Saved {{name}}', { name: saved })}
        </Text>
      )}
    </Group>
  );
}
