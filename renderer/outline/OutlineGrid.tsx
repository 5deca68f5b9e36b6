import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';
import { key, useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { select, useSession } from '../stores/session.ts';
import { EdgeCells, GroupCells, NodeCells, NoteCells } from './cells.tsx';
import classes from './Outline.module.css';
import { type OutlineRow, outlineRows, rowAfterKey } from './rows.ts';

const NONE: ReadonlySet<string> = new Set();
const heads = [key('What'), key('State'), key('req/s'), key('p99'), key('err/s'), key('Connections and faults')];

/** Rows that the arrow keys walk through. What has the keyboard is selected, on the canvas too; Ctrl leaves the selection alone. */
export function OutlineGrid() {
  const t = useT();
  const document = useDocument((state) => state.document);
  const selectedNodes = useSession((state) => state.selectedNodes);
  const selectedEdges = useSession((state) => state.selectedEdges);
  const [toggled, setToggled] = useState(NONE);
  const [active, setActive] = useState<string | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const at = useRef(0);
  const rows = outlineRows(document, toggled);

  const isSelected = (row: OutlineRow): boolean =>
    row.type === 'edge' ? selectedEdges.includes(row.edge.id) : selectedNodes.includes(row.key);
  // What was selected elsewhere is where the keyboard enters; what is gone gives its place to what follows.
  const current =
    rows.find(({ key }) => key === active) ??
    rows.find(isSelected) ??
    rows[Math.min(at.current, rows.length - 1)] ??
    null;
  at.current = current === null ? 0 : rows.indexOf(current);

  useEffect(() => {
    const { activeElement } = window.document;
    if (grid.current?.contains(activeElement)) return;
    setActive(null);
    const [row] =
      selectedNodes.length + selectedEdges.length > 0
        ? (grid.current?.querySelectorAll('[aria-selected="true"]') ?? [])
        : [];
    row?.scrollIntoView({ block: 'nearest' });
  }, [selectedNodes, selectedEdges]);

  const focusRow = (key: string): void => {
    setActive(key);
    grid.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus();
  };
  // The row that had the keyboard was deleted, or is a new one after a rename.
  const hasKeyboard = useRef(false);
  useEffect(() => {
    if (hasKeyboard.current && window.document.activeElement === window.document.body && current) focusRow(current.key);
  });

  const choose = (row: OutlineRow, add: boolean): void => {
    if (!add) {
      select(row.type === 'edge' ? { edges: [row.edge.id] } : { nodes: [row.key] });
      return;
    }
    const id = row.type === 'edge' ? row.edge.id : row.key;
    const flipped = (ids: readonly string[]) => (ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);
    select(
      row.type === 'edge'
        ? { nodes: selectedNodes, edges: flipped(selectedEdges) }
        : { nodes: flipped(selectedNodes), edges: selectedEdges },
    );
  };
  const toggle = (key: string): void =>
    setToggled((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });

  const onKeyDown = (event: KeyboardEvent) => {
    if (!current || event.altKey) return;
    const held = event.ctrlKey || event.metaKey;
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      choose(current, event.key === ' ' && held);
      if (event.key === 'Enter') focusInspector();
      return;
    }
    const answer = rowAfterKey(rows, current.key, event.key);
    if (answer === null) return;
    event.preventDefault();
    if ('toggle' in answer) return toggle(answer.toggle);
    focusRow(answer.go);
    const next = rows.find(({ key }) => key === answer.go);
    if (next && !held) choose(next, false);
  };
  const onClick = (row: OutlineRow, event: MouseEvent) => {
    setActive(row.key);
    choose(row, event.ctrlKey || event.metaKey || event.shiftKey);
  };

  return (
    <div ref={grid} className={classes.scroll}>
      <table
        className={classes.grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA has this role for tables that keys walk through
        role="treegrid"
        aria-label={t('Outline of the canvas')}
        aria-multiselectable
        data-keys="parts"
        onKeyDown={onKeyDown}
        onFocus={({ target }) => {
          hasKeyboard.current = true;
          setActive(target.dataset.row ?? null);
        }}
        onBlur={({ relatedTarget, currentTarget }) => {
          hasKeyboard.current = relatedTarget === null || currentTarget.contains(relatedTarget);
        }}
      >
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.key}
              className={classes.row}
              data-row={row.key}
              data-type={row.type}
              aria-level={row.level}
              aria-expanded={row.expanded ?? undefined}
              aria-selected={isSelected(row)}
              tabIndex={row === current ? 0 : -1}
              style={{ '--level': row.level - 1 } as React.CSSProperties}
              onClick={(event) => onClick(row, event)}
              onDoubleClick={focusInspector}
            >
              {row.type === 'group' && (
                <GroupCells group={row.group} expanded={row.expanded} onToggle={() => toggle(row.key)} />
              )}
              {row.type === 'node' && (
                <NodeCells node={row.node} expanded={row.expanded} onToggle={() => toggle(row.key)} />
              )}
              {row.type === 'edge' && <EdgeCells edge={row.edge} direction={row.direction} other={row.other} />}
              {row.type === 'note' && <NoteCells text={row.text} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Its first field: what it is called, or what it does. */
function focusInspector(): void {
  // Once it shows what was just selected.
  requestAnimationFrame(() =>
    window.document.querySelector<HTMLElement>('[data-region="inspector"] :is(input, textarea, button)')?.focus(),
  );
}
