import { CloseButton, Paper, Text, TextInput } from '@mantine/core';
import { IconBan, IconPlus } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { t, useT } from '../i18n/t.ts';
import { edit, useDocument } from '../stores/document.ts';
import { addNode, connect } from '../stores/document-edits.ts';
import { CARD, frameAt, inGroup, middleOf } from '../stores/group-edits.ts';
import { select } from '../stores/session.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import { connectOnCanvas, freePoint } from './add-to-canvas.ts';
import classes from './ConnectMenu.module.css';
import { type Asked, closeConnect, useConnect } from './connect-asked.ts';
import { foundTargets, type Side, type Target, targetsOf } from './targets.ts';
import { canvasViewport } from './viewport.ts';

const WIDTH = 300;
const HEIGHT = 380;

/** Where a connection may lead: asked by keys for a card, or by letting go of a connection over the empty canvas. */
export function ConnectMenu() {
  const asked = useConnect((state) => state.asked);
  return asked && <Menu key={`${asked.from} ${asked.side}`} asked={asked} />;
}

function Menu({ asked }: { asked: Asked }) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  /** The list of what is on the canvas, where it was asked for there. */
  const list = useRef(window.document.activeElement?.closest<HTMLElement>('[data-keys="parts"]') ?? null);
  const { from, side, at } = asked;
  const name = document.nodes.find(({ id }) => id === from)?.name ?? from;
  const found = foundTargets(
    // Where a connection was dropped there is no card: a new one is wanted.
    targetsOf(document, from, side).filter((target) => !at || (target.type === 'kind' && target.why === null)),
    query,
  );
  const current = Math.min(active, found.length - 1);

  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) closeConnect();
    };
    window.addEventListener('pointerdown', onPointer, true);
    return () => window.removeEventListener('pointerdown', onPointer, true);
  }, []);

  const giveBack = (id: string) => {
    if (list.current) list.current.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    else canvasViewport().focus(id);
  };
  const close = () => {
    closeConnect();
    giveBack(from);
  };
  const choose = (target: Target | undefined) => {
    if (target?.why !== null) return;
    closeConnect();
    const id = target.type === 'node' ? joinExisting(from, target.id, side) : joinNew(asked, target.id);
    // Once it is drawn, unless somebody was quick to open the next menu.
    const focus = () => useConnect.getState().asked === null && giveBack(id);
    requestAnimationFrame(() => requestAnimationFrame(focus));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter') choose(found[current]);
    else if (event.key === 'ArrowDown') setActive((current + 1) % Math.max(1, found.length));
    else if (event.key === 'ArrowUp') setActive((current + found.length - 1) % Math.max(1, found.length));
    else return;
    event.preventDefault();
  };

  const title = side === 'source' ? t('{{name}} calls …', { name }) : t('… calls {{name}}', { name });
  return (
    <Paper
      ref={box}
      className={classes.menu}
      role="dialog"
      aria-label={side === 'source' ? t('Connect {{name}} to', { name }) : t('Connect to {{name}} from', { name })}
      withBorder
      shadow="lg"
      radius="md"
      style={placeOf(asked)}
    >
      <header className={classes.head}>
        <Text size="sm" fw={600} truncate>
          {title}
        </Text>
        <CloseButton size="sm" aria-label={t('Close')} onClick={close} />
      </header>
      <TextInput
        size="xs"
        placeholder={t('Search')}
        aria-label={t('Search what to connect')}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[current] ? `${listId}-${current}` : undefined}
        autoComplete="off"
        autoFocus
        value={query}
        onChange={({ currentTarget: { value } }) => {
          setQuery(value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.list} role="listbox" id={listId} aria-label={t('What it may be connected to')}>
        {found.length === 0 && (
          <Text size="xs" c="dimmed" p="xs">
            {t('Nothing is called that.')}
          </Text>
        )}
        {found.map((target, index) => (
          <Option
            key={target.key}
            id={`${listId}-${index}`}
            target={target}
            active={index === current}
            onHover={() => setActive(index)}
            onChoose={() => choose(target)}
          />
        ))}
      </div>
    </Paper>
  );
}

function Option(props: { id: string; target: Target; active: boolean; onHover(): void; onChoose(): void }) {
  const { id, target, active, onHover, onChoose } = props;
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys of the list.
    // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus and names the active one.
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={target.why !== null}
      className={classes.option}
      onPointerMove={onHover}
      onClick={onChoose}
    >
      <KindIcon kind={target.kind} size={24} />
      <div className={classes.text}>
        <span>{target.title}</span>
        {target.why !== null && <small>{target.why}</small>}
      </div>
      {target.why !== null ? (
        <IconBan size={14} aria-hidden />
      ) : (
        target.type === 'kind' && <IconPlus size={14} aria-hidden />
      )}
    </div>
  );
}

function joinExisting(from: string, other: string, side: Side): string {
  if (side === 'source') connectOnCanvas(from, other);
  else connectOnCanvas(other, from);
  select({ nodes: [other] });
  return other;
}

/** A new node and the edge to it, as one edit. */
function joinNew({ from, side, at }: Asked, kind: string): string {
  const { document } = useDocument.getState();
  const own = document.nodes.find(({ id }) => id === from)?.position ?? { x: 0, y: 0 };
  const place = at
    ? { x: at.flow.x - (side === 'source' ? 0 : CARD.width), y: at.flow.y - CARD.height / 2 }
    : freePoint({
        x: own.x + (side === 'source' ? 1 : -1) * (CARD.width + 96) + CARD.width / 2,
        y: own.y + CARD.height / 2,
      });
  const grown = addNode(document, kind, place);
  const placed = {
    ...grown.document,
    nodes: grown.document.nodes.map((node) =>
      node.id === grown.id ? inGroup(node, frameAt(document.groups, middleOf(node.position, CARD))?.id) : node,
    ),
  };
  const joined = side === 'source' ? connect(placed, from, grown.id) : connect(placed, grown.id, from);
  const name = placed.nodes.at(-1)?.name ?? kind;
  edit(() => joined.document, { name: t('add {{name}} and connect it', { name }) });
  select({ nodes: [grown.id] });
  return grown.id;
}

/** Beside the pointer, but never beyond the window; without one in the upper middle. */
const placeOf = ({ at }: Asked) =>
  at
    ? {
        left: Math.max(8, Math.min(at.screen.x + 8, window.innerWidth - WIDTH - 8)),
        top: Math.max(8, Math.min(at.screen.y - 20, window.innerHeight - HEIGHT - 8)),
      }
    : { left: `calc(50% - ${WIDTH / 2}px)`, top: 110 };
