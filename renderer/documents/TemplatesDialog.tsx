import { Modal, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { TemplateSummary } from '../../engine/api/engine.ts';
import { insertDocument } from '../canvas/clipboard.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { useT } from '../i18n/t.ts';
import { closeOverlay, useOverlay } from '../stores/overlay.ts';
import { showError } from '../stores/session.ts';
import { ComparisonCards } from './ComparisonCards.tsx';
import { openTemplate } from './file-actions.ts';
import { TemplateCards } from './TemplateCards.tsx';
import { titleOfTemplate } from './template-text.ts';

/** All templates: opened as a document, or put into the one that is open. */
export function TemplatesDialog() {
  const t = useT();
  const opened = useOverlay(({ open }) => open === 'templates');
  return (
    <Modal
      opened={opened}
      onClose={closeOverlay}
      title={t('Templates')}
      size="xl"
      centered
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': t('Close') }}
      transitionProps={{ duration: 120 }}
    >
      {opened && <Gallery />}
    </Modal>
  );
}

function Gallery() {
  const t = useT();
  const [templates, setTemplates] = useState<readonly TemplateSummary[]>([]);
  const load = () =>
    engine.documents.templates.query().then(setTemplates, (error) => showError(t('The templates'), shownError(error)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once, when it opens.
  useEffect(() => void load(), []);
  const own = templates.filter((template) => template.own);
  const others = templates.filter((template) => !template.own);
  const acts = {
    onOpen: ({ path }: TemplateSummary) => {
      closeOverlay();
      openTemplate(path);
    },
    onInsert: (template: TemplateSummary) => {
      closeOverlay();
      insertDocument(template.document, titleOfTemplate(template));
    },
    onDelete: ({ path }: TemplateSummary) =>
      void engine.documents.deleteTemplate
        .mutate({ path })
        .then(load, (error) => showError(t('The template was not deleted'), shownError(error))),
  };
  return (
    <>
      <Text size="sm" fw={600} mb={6}>
        {t('Yours')}
      </Text>
      {own.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('None yet. Select cards and choose “Save as template”.')}
        </Text>
      )}
      <TemplateCards templates={own} {...acts} />
      <Text size="sm" fw={600} mt="lg" mb={6}>
        {t('From Archipel')}
      </Text>
      <TemplateCards templates={others} {...acts} />
      <ComparisonCards onOpen={closeOverlay} />
    </>
  );
}
