import { ActionIcon, Stack, Text, Tooltip } from '@mantine/core';
import { IconArrowNarrowRight, IconTrash } from '@tabler/icons-react';
import { Fragment, useCallback } from 'react';
import type { ArchipelEdge } from '../../engine/model/document.ts';
import { edgeConfigSchema } from '../../engine/model/edge.ts';
import { edgeMeasures } from '../../engine/model/edge-measures.ts';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { SendRequestButton } from '../requests/SendRequestButton.tsx';
import { closeStep, edit, useDocument } from '../stores/document.ts';
import { changeEdge, remove } from '../stores/document-edits.ts';
import { useProblems } from '../stores/problems.ts';
import { select } from '../stores/session.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { formatBytes, formatCount, formatFigure, formatMeasure, formatShares } from '../ui/format.ts';
import { SchemaForm } from './form/SchemaForm.tsx';
import classes from './Inspector.module.css';

export function EdgeInspector({ edge }: { edge: ArchipelEdge }) {
  const t = useT();
  const { id } = edge;
  const document = useDocument((state) => state.document);
  const problems = useProblems(({ errors }) => errors);
  const index = document.edges.findIndex((other) => other.id === id);
  const nameOf = (node: string) => document.nodes.find((other) => other.id === node)?.name ?? node;
  const change = useCallback(
    (path: ValuePath, value: unknown) =>
      edit((before) => changeEdge(before, id, (old) => ({ ...old, config: withValueAt(old.config, path, value) })), {
        step: `edge ${id} ${path.join(' ')}`,
      }),
    [id],
  );
  return (
    <>
      <div className={classes.head}>
        <Text
          fw={600}
          style={{ flex: 1, display: 'flex', alignItems: 'center', gap: 6 }}
          size="sm"
          component="h2"
          m={0}
        >
          {nameOf(edge.source)} <IconArrowNarrowRight size={16} aria-label={t('to')} /> {nameOf(edge.target)}
        </Text>
        <Tooltip label={t('Remove this connection (Delete)')}>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('Remove connection {{id}}', { id })}
            onClick={() => {
              edit((before) => remove(before, { edges: [id] }));
              select({});
            }}
          >
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.body}>
        <Text size="xs" c="dimmed" mb="sm">
          <code>{id}</code>
          <br />
          {t('A connection is a TCP proxy of its own, so a fault on it is real.')}
        </Text>
        <SendRequestButton to={{ edge: id }} />
        <SchemaForm
          schema={edgeConfigSchema}
          value={edge.config}
          problems={problems}
          root={`$.edges[${index}].config`}
          onChange={change}
          onLeave={closeStep}
        />
        <EdgeLive id={id} />
      </div>
    </>
  );
}

function EdgeLive({ id }: { id: string }) {
  const t = useT();
  const frame = useFrameEvery(250);
  const status = frame?.edges[id];
  if (!frame || !status || frame.topology === 'stopped') return null;
  const rates = edgeRates(id);
  return (
    <Stack gap={8} mt="lg">
      <dl className={classes.facts}>
        <dt>{t('Requests')}</dt>
        <dd>
          {t('{{rate}} · {{number}} in all', {
            rate: formatMeasure(rates.requestsPerSec, 'per second'),
            number: formatCount(status.requests),
          })}
        </dd>
        <dt>{t('Errors')}</dt>
        <dd>
          {t('{{rate}} · {{number}} in all', {
            rate: formatMeasure(rates.errorsPerSec, 'per second'),
            number: formatCount(status.errors),
          })}
        </dd>
        {status.shares && (
          <>
            <dt title={t("The part of the last second's requests that each replica of the target got")}>
              {t('Shares')}
            </dt>
            <dd>{formatShares(status.shares)}</dd>
          </>
        )}
        {edgeMeasures
          .filter((measure) => measure.id in status.measures)
          .map((measure) => (
            <Fragment key={measure.id}>
              <dt title={said(measure.help)}>{said(measure.title)}</dt>
              <dd data-metric={measure.id}>{formatFigure(status.measures[measure.id], measure)}</dd>
            </Fragment>
          ))}
        <dt>{t('Bytes')}</dt>
        <dd>{formatBytes(rates.bytesPerSec)}/s</dd>
        <dt>{t('Open connections')}</dt>
        <dd>{formatCount(status.connections)}</dd>
        <dt>{t('Sent · received')}</dt>
        <dd>
          {formatBytes(status.upstreamBytes)} · {formatBytes(status.downstreamBytes)}
        </dd>
      </dl>
      <Text size="xs" fw={600} mt="xs">
        {t('Faults')}
      </Text>
      <FaultMenu scope={{ type: 'edge', edge: id }} />
    </Stack>
  );
}
