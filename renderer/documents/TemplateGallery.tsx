import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { IconFolderOpen, IconPlus } from '@tabler/icons-react';
import { addToCanvas } from '../canvas/add-to-canvas.ts';
import { useT } from '../i18n/t.ts';
import { TourButton } from '../tour/TourButton.tsx';
import { ComparisonCards } from './ComparisonCards.tsx';
import { openPath, openTemplate, openWithDialog } from './file-actions.ts';
import { useRecent } from './recent.ts';
import { TemplateCards } from './TemplateCards.tsx';
import classes from './TemplateGallery.module.css';
import { useTemplates } from './use-templates.ts';

/** What an empty canvas offers. Drops go through to the canvas below. */
export function TemplateGallery() {
  const t = useT();
  const templates = useTemplates();
  return (
    <div className={classes.overlay}>
      <div className={classes.box}>
        <Title order={1} size={22} fw={650}>
          {t('What should run?')}
        </Title>
        <Text c="dimmed" size="sm" mt={4} mb="md">
          {t(
            'Every card becomes real processes on this machine, with real traffic between them. Open a template and press Run, or draw your own.',
          )}
        </Text>
        <div className={classes.templates}>
          <TemplateCards templates={templates} onOpen={({ path }) => openTemplate(path)} />
          <ComparisonCards />
        </div>
        <Group mt="md" gap="xs">
          <Button variant="default" leftSection={<IconFolderOpen size={16} />} onClick={() => void openWithDialog()}>
            {t('Open a file…')}
          </Button>
          <Button variant="subtle" leftSection={<IconPlus size={16} />} onClick={() => addToCanvas('client')}>
            {t('Start with a client')}
          </Button>
          <TourButton />
        </Group>
        <RecentFiles />
      </div>
    </div>
  );
}

function RecentFiles() {
  const t = useT();
  const files = useRecent((state) => state.files).filter(({ missing }) => !missing);
  if (files.length === 0) return null;
  return (
    <div className={classes.recent}>
      <Text size="xs" c="dimmed">
        {t('Opened last:')}
      </Text>
      {files.slice(0, 5).map(({ path, name }) => (
        <Anchor key={path} component="button" type="button" size="xs" title={path} onClick={() => openPath(path)}>
          {name}
        </Anchor>
      ))}
    </div>
  );
}
