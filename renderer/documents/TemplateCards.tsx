import { ActionIcon, Button, Group, SimpleGrid, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { TemplateSummary } from '../../engine/api/engine.ts';
import type { ArchipelDocument } from '../../engine/model/document.ts';
import { engine } from '../engine-client/client.ts';
import { useT } from '../i18n/t.ts';
import classes from './TemplateGallery.module.css';
import { descriptionOfTemplate, titleOfTemplate } from './template-text.ts';

interface Props {
  templates: readonly TemplateSummary[];
  onOpen(template: TemplateSummary): void;
  /** Puts it into the open document. */
  onInsert?(template: TemplateSummary): void;
  onDelete?(template: TemplateSummary): void;
}

/** Templates with their pictures. */
export function TemplateCards({ templates, onOpen, onInsert, onDelete }: Props) {
  const t = useT();
  return (
    <SimpleGrid cols={templates.length > 1 ? 2 : 1} spacing="sm">
      {templates.map((template) => (
        <div key={template.path} className={classes.cell}>
          <UnstyledButton className={classes.template} onClick={() => onOpen(template)}>
            <Preview document={template.document} />
            <span className="visually-hidden">{t('Open template')}</span>
            <Text fw={600} size="sm" mt={6}>
              {titleOfTemplate(template)}
            </Text>
            <Text c="dimmed" size="xs" mt={3} lineClamp={3}>
              {descriptionOfTemplate(template)}
            </Text>
          </UnstyledButton>
          {(onInsert || (onDelete && template.own)) && (
            <Group gap={6} mt={4} justify="flex-end">
              {onInsert && (
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={t('Insert here: {{title}}', { title: titleOfTemplate(template) })}
                  onClick={() => onInsert(template)}
                >
                  {t('Insert here')}
                </Button>
              )}
              {onDelete && template.own && (
                <Tooltip label={t('Delete this template of yours')}>
                  <ActionIcon
                    size="sm"
                    variant="subtle"
                    color="red"
                    aria-label={t('Delete template {{title}}', { title: titleOfTemplate(template) })}
                    onClick={() => onDelete(template)}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                </Tooltip>
              )}
            </Group>
          )}
        </div>
      ))}
    </SimpleGrid>
  );
}

export function Preview({ document }: { document: ArchipelDocument }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    engine.documents.picture.query({ document, format: 'svg' }).then(
      ({ content }) => current && setAddress(`data:image/svg+xml,${encodeURIComponent(content)}`),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [document]);
  return <div className={classes.preview}>{address && <img src={address} alt="" />}</div>;
}
