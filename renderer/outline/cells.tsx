import {
  IconArrowNarrowLeft,
  IconArrowNarrowRight,
  IconBuilding,
  IconChevronDown,
  IconChevronRight,
  IconNote,
  IconServer2,
  IconUsersGroup,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { EngineFrame } from '../../engine/api/types.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { ArchipelEdge, ArchipelNode } from '../../engine/model/document.ts';
import { type ArchipelGroup, nodesWithin } from '../../engine/model/groups.ts';
import { breakerNote } from '../canvas/edge-notes.ts';
import { policyGlyphs } from '../canvas/policy-glyphs.ts';
import { useDisplay } from '../display/display.ts';
import { useShownText } from '../display/use-shown.ts';
import { actsOnEdge, actsOnNode, isOn } from '../faults/fault-actions.ts';
import { faultTitle } from '../faults/presentation.ts';
import { said } from '../i18n/said.ts';
import { key, useT } from '../i18n/t.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { shownDocument, useDocument } from '../stores/document.ts';
import { formatMs, formatRate } from '../ui/format.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import { StateBadge } from '../ui/StateBadge.tsx';
import classes from './Outline.module.css';

type Read = (frame: EngineFrame | null) => string;

const isRunning = (frame: EngineFrame | null): frame is EngineFrame => frame !== null && frame.topology !== 'stopped';

function Name(props: { icon: ReactNode; expanded?: boolean | null; onToggle?(): void; children: ReactNode }) {
  const { expanded = null } = props;
  return (
    <td>
      <div className={classes.name}>
        {expanded === null ? (
          <i className={classes.chevron} />
        ) : (
          // The row itself says that it folds, and the arrow keys fold it.
          <i
            className={classes.chevron}
            data-folds
            aria-hidden
            onClick={(event) => {
              event.stopPropagation();
              props.onToggle?.();
            }}
          >
            {expanded ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          </i>
        )}
        {props.icon}
        {props.children}
      </div>
    </td>
  );
}

function Figure({ read, metric }: { read: Read; metric: string }) {
  return <td className={classes.figure} ref={useShownText(read)} data-metric={metric} />;
}

const Remark = ({ children }: { children: ReactNode }) => <td className={classes.remark}>{children}</td>;

/** Titles of the faults that act there now, as one text, which is the same as long as they are. */
const useFaultsOn = (acts: (fault: EngineFrame['faults'][number]) => boolean): string =>
  useDisplay(({ frame }) =>
    (frame?.faults ?? [])
      .filter((fault) => isOn(fault) && acts(fault))
      .map(({ fault }) => faultTitle(fault))
      .join(', '),
  );

function Faults({ titles }: { titles: string }) {
  const t = useT();
  return titles === '' ? null : <b className={classes.fault}>{t('Fault: {{titles}}', { titles })}</b>;
}

export function NodeCells(props: { node: ArchipelNode; expanded: boolean | null; onToggle(): void }) {
  const t = useT();
  const { id, name, kind } = props.node;
  const state = useDisplay(({ frame }) => frame?.nodes[id]?.state ?? 'stopped');
  const reason = useDisplay(({ frame }) => frame?.nodes[id]?.reason ?? null);
  const calls = useDocument(({ document }) => document.edges.filter(({ source }) => source === id).length);
  const callers = useDocument(({ document }) => document.edges.filter(({ target }) => target === id).length);
  const faults = useFaultsOn((fault) => actsOnNode(fault, id));
  const of = (read: (node: EngineFrame['nodes'][string]) => string) => (frame: EngineFrame | null) =>
    frame?.nodes[id] && isRunning(frame) ? read(frame.nodes[id]) : '–';
  return (
    <>
      <Name icon={<KindIcon kind={kind} size={20} />} expanded={props.expanded} onToggle={props.onToggle}>
        <b>{name}</b>
        <small>{said(kinds.find((definition) => definition.kind === kind)?.title ?? kind)}</small>
      </Name>
      <td>
        <StateBadge state={state} title={reason} />
      </td>
      <Figure metric="requests-per-sec" read={of(({ requestsPerSec }) => formatRate(requestsPerSec))} />
      <Figure metric="p99" read={of(({ p99Ms }) => formatMs(p99Ms))} />
      <Figure metric="errors-per-sec" read={of(({ errorsPerSec }) => formatRate(errorsPerSec))} />
      <Remark>
        <Faults titles={faults} />
        {reason !== null && state !== 'ready' && `${said(reason)} · `}
        {t('calls {{calls}}, called by {{callers}}', { calls, callers })}
      </Remark>
    </>
  );
}

export function EdgeCells(props: { edge: ArchipelEdge; direction: 'out' | 'in'; other: string }) {
  const t = useT();
  const { edge, direction, other } = props;
  const breaker = useDisplay(({ frame }) => breakerNote(frame?.edges[edge.id]));
  const faults = useFaultsOn((fault) => actsOnEdge(fault, edge.id));
  const of = (read: Read) => (frame: EngineFrame | null) => (isRunning(frame) ? read(frame) : '–');
  const policies = policyGlyphs(edge.config).map(({ text }) => text);
  return (
    <>
      <Name
        icon={
          direction === 'out' ? (
            <IconArrowNarrowRight size={16} aria-hidden />
          ) : (
            <IconArrowNarrowLeft size={16} aria-hidden />
          )
        }
      >
        <span>
          {direction === 'out' ? t('calls') : t('called by')} <b>{other}</b>
        </span>
        <small>{edge.id}</small>
      </Name>
      <td>{breaker}</td>
      <Figure metric="requests-per-sec" read={of(() => formatRate(edgeRates(edge.id).requestsPerSec))} />
      <Figure metric="p99" read={of((frame) => formatMs(frame?.edges[edge.id]?.p99Ms))} />
      <Figure metric="errors-per-sec" read={of(() => formatRate(edgeRates(edge.id).errorsPerSec))} />
      <Remark>
        <Faults titles={faults} />
        {policies.join(' · ')}
      </Remark>
    </>
  );
}

const groupTitles = { host: key('Host'), zone: key('Zone'), team: key('Team') };
const groupIcons = { host: IconServer2, zone: IconBuilding, team: IconUsersGroup };

export function GroupCells(props: { group: ArchipelGroup; expanded: boolean | null; onToggle(): void }) {
  const t = useT();
  const { id, name, kind } = props.group;
  const Icon = groupIcons[kind];
  const faults = useFaultsOn(({ target }) => 'group' in target && target.group === id);
  const count = useDocument(({ document }) => nodesWithin(document, id).length);
  const sum = (of: (node: EngineFrame['nodes'][string]) => number) => (frame: EngineFrame | null) =>
    isRunning(frame)
      ? formatRate(
          nodesWithin(shownDocument(), id).reduce(
            (total, node) => total + (frame.nodes[node] ? of(frame.nodes[node]) : 0),
            0,
          ),
        )
      : '–';
  const ready: Read = (frame) => {
    if (!isRunning(frame)) return '';
    const nodes = nodesWithin(shownDocument(), id);
    return t('{{ready}} of {{all}} ready', {
      ready: nodes.filter((node) => frame.nodes[node]?.state === 'ready').length,
      all: nodes.length,
    });
  };
  return (
    <>
      <Name icon={<Icon size={18} aria-hidden />} expanded={props.expanded} onToggle={props.onToggle}>
        <b>{name}</b>
        <small>{t(groupTitles[kind])}</small>
      </Name>
      <Figure metric="ready" read={ready} />
      <Figure metric="requests-per-sec" read={sum(({ requestsPerSec }) => requestsPerSec)} />
      <td className={classes.figure} />
      <Figure metric="errors-per-sec" read={sum(({ errorsPerSec }) => errorsPerSec)} />
      <Remark>
        <Faults titles={faults} />
        {t('{{count}} nodes', { count })}
      </Remark>
    </>
  );
}

export function NoteCells({ text }: { text: string }) {
  const t = useT();
  return (
    <td colSpan={6}>
      <div className={classes.name}>
        <i className={classes.chevron} />
        <IconNote size={18} aria-hidden />
        <span>{t('Note: {{text}}', { text: text || t('empty') })}</span>
      </div>
    </td>
  );
}
