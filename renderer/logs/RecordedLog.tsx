import { Button, Text } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { LogLine } from '../../engine/api/types.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useSession } from '../stores/session.ts';
import { LogView } from './LogView.tsx';

/** The log that the record of a run keeps: all of it, with lines that a probe found marked; or as far as it went by then. */
export function RecordedLog(props: { record: string; found?: readonly LogLine[]; untilMs?: number }) {
  const t = useT();
  const { record, found, untilMs } = props;
  const node = useSession((state) => state.logNode);
  const log = useRecordedLog(record);
  const lines = useMemo(
    () =>
      log && 'lines' in log
        ? log.lines.filter(
            ({ nodeId, atMs }) => (node === null || nodeId === node) && (untilMs === undefined || atMs <= untilMs),
          )
        : [],
    [log, node, untilMs],
  );
  if (!log) return <Text size="sm">{t('The log of the record is being read…')}</Text>;
  if ('problem' in log)
    return (
      <Text size="sm" c="red">
        {t('The log of {{record}} cannot be read: {{problem}}', { record, problem: said(log.problem) })} <CloseButton />
      </Text>
    );
  if (untilMs !== undefined) return <LogView lines={lines} isGrowing />;
  return (
    <LogView lines={lines} found={found} isGrowing={false}>
      <Text size="xs">
        {t('Log of the recorded run {{record}}.', { record })} <CloseButton />
      </Text>
    </LogView>
  );
}

const CloseButton = () => {
  const t = useT();
  return (
    <Button size="compact-xs" variant="light" onClick={() => useSession.setState({ recordedLog: null })}>
      {t('Close it')}
    </Button>
  );
};

function useRecordedLog(record: string): { lines: readonly LogLine[] } | { problem: string } | null {
  const [log, setLog] = useState<{ lines: readonly LogLine[] } | { problem: string } | null>(null);
  useEffect(() => {
    let current = true;
    engine.records.log.query({ id: record }).then(
      (lines) => current && setLog({ lines }),
      (error: unknown) => current && setLog({ problem: shownError(error).message }),
    );
    return () => {
      current = false;
    };
  }, [record]);
  return log;
}
