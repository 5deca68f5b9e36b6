import { useEffect, useState } from 'react';
import type { LogLine } from '../../engine/api/types.ts';
import { engine, useConnection } from '../engine-client/client.ts';
import { useReplay } from '../stores/replay.ts';
import { useSession } from '../stores/session.ts';
import { LogView } from './LogView.tsx';
import { RecordedLog } from './RecordedLog.tsx';

const KEPT_LINES = 2000;

/** What processes wrote and what became of them: live, at a moment of a replay, or of a recorded run. */
export function LogPanel() {
  const recorded = useSession(({ recordedLog }) => recordedLog);
  const replayed = useReplay(({ replay }) => replay?.id ?? null);
  if (recorded) return <RecordedLog key={recorded.record} {...recorded} />;
  return replayed === null ? <LiveLog /> : <ReplayedLog record={replayed} />;
}

function LiveLog() {
  const node = useSession((state) => state.logNode);
  return <LogView lines={useLog(node)} isGrowing />;
}

function ReplayedLog({ record }: { record: string }) {
  const untilMs = useReplay(({ atMs }) => Math.floor(atMs / 250) * 250 + 250);
  return <RecordedLog record={record} untilMs={untilMs} />;
}

function useLog(node: string | null): readonly LogLine[] {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const online = useConnection(({ state }) => state === 'online');
  useEffect(() => {
    if (!online) return;
    setLines([]);
    const subscription = engine.logs.subscribe(node === null ? {} : { node }, {
      onData: (more) => setLines((before) => [...before, ...more].slice(-KEPT_LINES)),
    });
    return () => subscription.unsubscribe();
  }, [node, online]);
  return lines;
}
