import { Select, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { LogLine } from '../../engine/api/types.ts';
import { engine, useConnection } from '../engine-client/client.ts';
import { useDocument } from '../stores/document.ts';
import { useSession } from '../stores/session.ts';
import { formatClock } from '../ui/format.ts';
import classes from './LogPanel.module.css';

const KEPT_LINES = 600;

/** What the processes wrote and what the engine did with them: all, or one node's. */
export function LogPanel() {
  const node = useSession((state) => state.logNode);
  const nodes = useDocument(({ document }) => document.nodes);
  const lines = useLog(node);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what scrolls
  useEffect(() => {
    if (follows.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines]);

  return (
    <div className={classes.panel}>
      <Select
        size="xs"
        w={220}
        aria-label="Log of"
        placeholder="All nodes"
        clearable
        data={nodes.map(({ id, name }) => ({ value: id, label: name }))}
        value={node}
        onChange={(logNode) => useSession.setState({ logNode })}
      />
      <div
        ref={list}
        className={classes.lines}
        role="log"
        aria-label="Log lines"
        onScroll={({ currentTarget }) => {
          follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 30;
        }}
      >
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
          <div key={index} className={classes.line} data-stream={line.stream}>
            <time>{formatClock(line.atMs)}</time>
            <b>
              {line.nodeId}
              {line.replica > 0 && `#${line.replica}`}
            </b>
            <span>{line.text}</span>
          </div>
        ))}
        {lines.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing was logged yet.
          </Text>
        )}
      </div>
    </div>
  );
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
