import { Button, Group, SimpleGrid, Text, Title, UnstyledButton } from '@mantine/core';
import { IconFolderOpen, IconPlus } from '@tabler/icons-react';
import { addToCanvas } from '../canvas/add-to-canvas.ts';
import { TourButton } from '../tour/TourButton.tsx';
import { openTemplate, openWithDialog } from './file-actions.ts';
import classes from './TemplateGallery.module.css';
import { useTemplates } from './use-templates.ts';

/** What an empty canvas offers. Drops go through to the canvas below. */
export function TemplateGallery() {
  const templates = useTemplates();
  return (
    <div className={classes.overlay}>
      <div className={classes.box}>
        <Title order={1} size={22} fw={650}>
          What should run?
        </Title>
        <Text c="dimmed" size="sm" mt={4} mb="md">
          Every card becomes real processes on this machine, with real traffic between them. Open a template and press
          Run, or draw your own.
        </Text>
        <SimpleGrid className={classes.templates} cols={templates.length > 1 ? 2 : 1} spacing="sm">
          {templates.map((template) => (
            <UnstyledButton
              key={template.path}
              className={classes.template}
              aria-label={`Open template ${template.title}`}
              onClick={() => openTemplate(template.path)}
            >
              <Text fw={600} size="sm">
                {template.title}
              </Text>
              <Text c="dimmed" size="xs" mt={3} lineClamp={4}>
                {template.description}
              </Text>
            </UnstyledButton>
          ))}
        </SimpleGrid>
        <Group mt="md" gap="xs">
          <Button variant="default" leftSection={<IconFolderOpen size={16} />} onClick={() => void openWithDialog()}>
            Open a file…
          </Button>
          <Button variant="subtle" leftSection={<IconPlus size={16} />} onClick={() => addToCanvas('client')}>
            Start with a client
          </Button>
          <TourButton />
        </Group>
      </div>
    </div>
  );
}
