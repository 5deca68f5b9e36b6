import { Group, Select, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { LogLine } from '../../engine/api/types.ts';
import { engine, useConnection } from '../engine-client/client.ts';
import { useDocument } from '../stores/document.ts';
import { useSession } from '../stores/session.ts';
import { formatClock } from '../ui/format.ts';
import classes from './LogPanel.module.css';
import { filterLines, type LogFilter, markedParts } from './log-filter.ts';

const KEPT_LINES = 2000;
/** Of those that were found, the newest. */
const SHOWN_LINES = 500;

/** What the processes wrote and what the engine did with them: all, or one node's. */
export function LogPanel() {
  const node = useSession((state) => state.logNode);
  const nodes = useDocument(({ document }) => document.nodes);
  const [filter, setFilter] = useState<LogFilter>({ text: '', stream: null });
  const all = useLog(node);
  const found = useMemo(() => filterLines(all, filter), [all, filter]);
  const lines = found.slice(-SHOWN_LINES);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what scrolls
  useEffect(() => {
    if (follows.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines]);

  return (
    <div className={classes.panel}>
      <Group gap={8}>
        <Select
          size="xs"
          w={200}
          aria-label="Log of"
          placeholder="All nodes"
          clearable
          data={nodes.map(({ id, name }) => ({ value: id, label: name }))}
          value={node}
          onChange={(logNode) => useSession.setState({ logNode })}
        />
        <TextInput
          size="xs"
          w={280}
          aria-label="Search the log"
          placeholder='Search: words, "a phrase", -without'
          leftSection={<IconSearch size={13} />}
          value={filter.text}
          onChange={({ currentTarget: { value: text } }) => setFilter((before) => ({ ...before, text }))}
        />
        <Select
          size="xs"
          w={150}
          aria-label="Written to"
          placeholder="All streams"
          clearable
          data={['stdout', 'stderr', 'engine']}
          value={filter.stream}
          onChange={(stream) => setFilter((before) => ({ ...before, stream: stream as LogFilter['stream'] }))}
        />
        <Text size="xs" c="dimmed" data-testid="log-count">
          {found.length === all.length ? `${all.length} lines` : `${found.length} of ${all.length} lines`}
        </Text>
      </Group>
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
            <span>{mark(line.text, filter.text)}</span>
          </div>
        ))}
        {lines.length === 0 && (
          <Text size="sm" c="dimmed">
            {all.length === 0 ? 'Nothing was logged yet.' : 'No line holds all of these words.'}
          </Text>
        )}
      </div>
    </div>
  );
}

const mark = (text: string, search: string): React.ReactNode =>
  search === ''
    ? text
    : markedParts(text, search).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
        index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
      );

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
