import { Button, Group, Select, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { LogLine } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useSession } from '../stores/session.ts';
import { formatClock } from '../ui/format.ts';
import classes from './LogPanel.module.css';
import { filterLines, type LogFilter, markedParts, soughtAmong } from './log-filter.ts';

/** Lines that are shown at a time. */
const SHOWN_LINES = 500;

/** Lines of logs, searched. Those that grow are followed at their end; others are read from their beginning, or from what was found. */
export function LogView(props: {
  lines: readonly LogLine[];
  found?: readonly LogLine[];
  isGrowing: boolean;
  children?: ReactNode;
}) {
  const t = useT();
  const { lines: all, found: sought = none, isGrowing } = props;
  const node = useSession((state) => state.logNode);
  const nodes = useDocument(({ document }) => document.nodes);
  const [filter, setFilter] = useState<LogFilter>({ text: '', stream: null });
  const [from, setFrom] = useState<number | null>(null);
  const found = useMemo(() => filterLines(all, filter), [all, filter]);
  const marked = useMemo(() => soughtAmong(all, sought), [all, sought]);
  const firstSought = useMemo(() => found.findIndex((line) => marked.has(line)), [found, marked]);
  const latest = Math.max(0, found.length - SHOWN_LINES);
  const wanted = isGrowing ? latest : (from ?? Math.max(0, firstSought - SHOWN_LINES / 2));
  const first = Math.min(latest, wanted);
  const lines = found.slice(first, first + SHOWN_LINES);
  const list = useRef<HTMLDivElement>(null);
  const follows = useRef(isGrowing);

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what scrolls
  useEffect(() => {
    if (follows.current) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [lines]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place that is looked for
  useEffect(() => {
    if (from === null) list.current?.querySelector('[data-found]')?.scrollIntoView({ block: 'center' });
  }, [firstSought, from]);

  const change = (next: Partial<LogFilter>): void => {
    setFilter((before) => ({ ...before, ...next }));
    setFrom(null);
  };
  const names = useMemo(() => {
    const known = new Map(nodes.map(({ id, name }) => [id, name]));
    for (const { nodeId } of isGrowing ? [] : all) if (!known.has(nodeId)) known.set(nodeId, nodeId);
    return [...known].map(([value, label]) => ({ value, label }));
  }, [nodes, all, isGrowing]);

  return (
    <div className={classes.panel}>
      {props.children}
      <Group gap={8}>
        <Select
          size="xs"
          w={200}
          aria-label={t('Log of')}
          placeholder={t('All nodes')}
          clearable
          data={names}
          value={node}
          onChange={(logNode) => useSession.setState({ logNode })}
        />
        <TextInput
          size="xs"
          w={280}
          aria-label={t('Search the log')}
          placeholder={t('Search: words, "a phrase", -without')}
          leftSection={<IconSearch size={13} />}
          value={filter.text}
          onChange={({ currentTarget: { value: text } }) => change({ text })}
        />
        <Select
          size="xs"
          w={150}
          aria-label={t('Written to')}
          placeholder={t('All streams')}
          clearable
          data={['stdout', 'stderr', 'engine']}
          value={filter.stream}
          onChange={(stream) => change({ stream: stream as LogFilter['stream'] })}
        />
        <Text size="xs" c="dimmed" data-testid="log-count">
          {found.length === all.length
            ? t('{{count}} lines', { count: all.length })
            : t('{{found}} of {{count}} lines', { found: found.length, count: all.length })}
        </Text>
        {!isGrowing && found.length > SHOWN_LINES && (
          <>
            <Button
              size="compact-xs"
              variant="subtle"
              disabled={first === 0}
              onClick={() => setFrom(Math.max(0, first - SHOWN_LINES))}
            >
              {t('Earlier')}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              disabled={first === latest}
              onClick={() => setFrom(first + SHOWN_LINES)}
            >
              {t('Later')}
            </Button>
          </>
        )}
      </Group>
      {sought.length > 0 && firstSought === -1 && (
        <Text size="xs" c="dimmed">
          {t('The lines that the probe found are not among these.')}
        </Text>
      )}
      <div
        ref={list}
        className={classes.lines}
        // What processes write is in their own words.
        translate="no"
        role="log"
        aria-label={t('Log lines')}
        // It may write a hundred lines a second, which nobody wants read out.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it
        tabIndex={0}
        onScroll={({ currentTarget }) => {
          follows.current =
            isGrowing && currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 30;
        }}
      >
        {lines.map((line, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity but their place
            key={index}
            className={classes.line}
            data-stream={line.stream}
            data-found={marked.has(line) || undefined}
          >
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
            {all.length === 0 ? t('Nothing was logged yet.') : t('No line holds all of these words.')}
          </Text>
        )}
      </div>
    </div>
  );
}

const none: readonly LogLine[] = [];

const mark = (text: string, search: string): ReactNode =>
  search === ''
    ? text
    : markedParts(text, search).map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no identity but their place
        index % 2 === 1 ? <mark key={index}>{part}</mark> : part,
      );
