import { ActionIcon, Button, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconFlask, IconPlus, IconTarget, IconX } from '@tabler/icons-react';
import { type Hint, provable } from '../../engine/model/hints/hint.ts';
import { showOnCanvas } from '../canvas/show-on-canvas.ts';
import { VerdictBadge } from '../experiments/VerdictBadge.tsx';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { setDismissed } from '../stores/hints.ts';
import { runningSweep, useRun } from '../stores/run.ts';
import { select } from '../stores/session.ts';
import { useReadOnly } from '../stores/trust.ts';
import classes from './hints.module.css';
import { keepProof, prove } from './proof-actions.ts';

/** A weakness with its reason, the way out, and the button that shows the damage. */
export function HintCard({ hint, isDismissed }: { hint: Hint; isDismissed: boolean }) {
  const t = useT();
  const proof = provable(hint);
  const readOnly = useReadOnly();
  const name = proof?.experiment.name;
  const isRunning = useRun(
    ({ frame }) => frame?.experiment != null && frame.experiment.phase !== 'done' && frame.experiment.name === name,
  );
  const isBusy = useRun(
    ({ busy, frame }) =>
      busy !== null || runningSweep(frame) !== null || (frame?.experiment != null && frame.experiment.phase !== 'done'),
  );
  const verdict = useRun(({ lastExperiment }) =>
    lastExperiment !== null && lastExperiment.experiment.name === name ? lastExperiment.verdict : null,
  );
  return (
    <li className={classes.card} data-rule={hint.rule} data-dismissed={isDismissed}>
      <h3 className={classes.title}>
        {said(hint.title)}
        {verdict && <VerdictBadge verdict={verdict} />}
      </h3>
      <Places hint={hint} />
      <p className={classes.text}>{said(hint.reason)}</p>
      <p className={classes.text}>
        <b>{t('Way out:')}</b> {said(hint.advice)}
      </p>
      {'missing' in hint.proof && (
        <Text size="xs" c="dimmed" component="p" m={0}>
          {t('No experiment: {{missing}}', { missing: said(hint.proof.missing) })}
        </Text>
      )}
      <div className={classes.acts}>
        {proof && (
          <>
            <Button
              size="compact-xs"
              leftSection={<IconFlask size={13} />}
              disabled={isBusy || readOnly}
              loading={isRunning}
              aria-label={t('Prove it: {{title}}', { title: said(proof.experiment.title) })}
              title={said(proof.experiment.statement)}
              onClick={() => void prove(proof)}
            >
              {t('Prove it')}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconPlus size={13} />}
              disabled={readOnly}
              onClick={() => keepProof(proof)}
            >
              {t('Add to experiments')}
            </Button>
          </>
        )}
        <Tooltip label={isDismissed ? t('Bring this hint back') : t('Dismiss this hint in this window')}>
          <ActionIcon
            ml="auto"
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={
              isDismissed
                ? t('Bring back: {{title}}, {{nodes}}', { title: said(hint.title), nodes: hint.nodes.join(', ') })
                : t('Dismiss: {{title}}, {{nodes}}', { title: said(hint.title), nodes: hint.nodes.join(', ') })
            }
            onClick={() => setDismissed(hint.id, !isDismissed)}
          >
            {isDismissed ? <IconArrowBackUp size={14} /> : <IconX size={14} />}
          </ActionIcon>
        </Tooltip>
      </div>
    </li>
  );
}

function Places({ hint }: { hint: Hint }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const nodes = hint.nodes.map((id) => document.nodes.find((node) => node.id === id)?.name ?? id);
  return (
    <button
      type="button"
      className={classes.places}
      aria-label={t('Show on the canvas: {{names}}', { names: nodes.join(', ') })}
      onClick={() => {
        select({ nodes: hint.nodes, edges: hint.edges });
        showOnCanvas(hint.nodes);
      }}
    >
      <IconTarget size={13} aria-hidden />
      <span>{nodes.join(', ')}</span>
    </button>
  );
}
