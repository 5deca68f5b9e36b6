import { ActionIcon, Menu, Modal, Tooltip } from '@mantine/core';
import { IconFileExport, IconFileImport } from '@tabler/icons-react';
import { useState } from 'react';
import type { Experiment } from '../../engine/model/experiment.ts';
import { useT } from '../i18n/t.ts';
import { useReadOnly } from '../stores/trust.ts';
import { exportExperiment, exportFormats } from './export-experiment.ts';
import { ImportForm } from './ImportForm.tsx';

/** Experiments as files of their own: taken in from one, and given out as one. */
export function ExperimentFiles({ experiment }: { experiment: Experiment | undefined }) {
  const t = useT();
  const readOnly = useReadOnly();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Tooltip label={t('Import experiments')}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t('Import experiments')}
          disabled={readOnly}
          onClick={() => setOpen(true)}
        >
          <IconFileImport size={15} />
        </ActionIcon>
      </Tooltip>
      <Menu position="top-start" width={230}>
        <Menu.Target>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={t('Export the experiment')}
            title={t('Export the experiment as a file')}
            disabled={!experiment}
          >
            <IconFileExport size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {exportFormats.map(({ format, title }) => (
            <Menu.Item key={format} onClick={() => experiment && void exportExperiment(experiment, format)}>
              {t(title)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={<b>{t('Import experiments')}</b>}
        size="lg"
        closeButtonProps={{ 'aria-label': t('Close') }}
      >
        <ImportForm onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}
