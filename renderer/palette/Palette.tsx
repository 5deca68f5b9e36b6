import { TextInput, UnstyledButton } from '@mantine/core';
import { IconNote, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { kinds } from '../../engine/kinds/index.ts';
import { addGroupToCanvas, addNoteToCanvas, addToCanvas, KIND_MEDIA_TYPE } from '../canvas/add-to-canvas.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import classes from './Palette.module.css';
import { places } from './places.ts';

const familyTitles: Record<(typeof kinds)[number]['family'], string> = {
  traffic: 'Traffic',
  edge: 'Edge',
  compute: 'Compute',
  storage: 'Storage',
  messaging: 'Messaging',
};

interface Item {
  kind: string;
  title: string;
  help: string;
  icon: ReactNode;
  add(): void;
}

const families: readonly { title: string; items: readonly Item[] }[] = [
  ...[...new Set(kinds.map(({ family }) => family))].map((family) => ({
    title: familyTitles[family],
    items: kinds
      .filter((definition) => definition.family === family)
      .map(({ kind, title, help }) => ({
        kind,
        title,
        help,
        icon: <KindIcon kind={kind} size={34} />,
        add: () => addToCanvas(kind),
      })),
  })),
  {
    title: 'Places',
    items: places.map(({ kind, title, help, Icon }) => ({
      kind,
      title,
      help,
      icon: <Icon size={26} stroke={1.6} aria-hidden />,
      add: () => addGroupToCanvas(kind),
    })),
  },
  {
    title: 'Words',
    items: [
      {
        kind: 'note',
        title: 'Note',
        help: 'Something written on the canvas for people. It runs nothing.',
        icon: <IconNote size={26} stroke={1.6} aria-hidden />,
        add: () => addNoteToCanvas(),
      },
    ],
  },
];

const holds = ({ title, kind, help }: Item, query: string): boolean =>
  `${title} ${kind} ${help}`.toLowerCase().includes(query);

/** Everything that can be put on the canvas: dragged there, clicked, or found by its name and added with Enter. */
export function Palette() {
  const [text, setText] = useState('');
  const query = text.trim().toLowerCase();
  // A title counts more than a word in its explanation.
  const byTitle = families.some(({ items }) => items.some(({ title }) => title.toLowerCase().includes(query)));
  const shown = families
    .map(({ title, items }) => ({
      title,
      items: items.filter((item) => (byTitle ? item.title.toLowerCase().includes(query) : holds(item, query))),
    }))
    .filter(({ items }) => items.length > 0);
  const [first] = shown.flatMap(({ items }) => items);
  return (
    <nav className={classes.palette} aria-label="Palette">
      <TextInput
        size="xs"
        placeholder="Search"
        aria-label="Search the palette"
        leftSection={<IconSearch size={13} aria-hidden />}
        leftSectionWidth={24}
        value={text}
        onChange={({ currentTarget: { value } }) => setText(value)}
        onKeyDown={({ key }) => {
          if (key === 'Escape') setText('');
          if (key === 'Enter' && query !== '') first?.add();
        }}
      />
      {shown.map(({ title, items }) => (
        <section key={title} aria-label={title}>
          <h2 className={classes.family}>{title}</h2>
          {items.map((item) => (
            <UnstyledButton
              key={item.kind}
              className={classes.kind}
              draggable
              aria-label={`Add ${item.title}`}
              title={item.help}
              data-testid={`palette-${item.kind}`}
              onDragStart={(event) => {
                event.dataTransfer.setData(KIND_MEDIA_TYPE, item.kind);
                event.dataTransfer.effectAllowed = 'copy';
              }}
              onClick={item.add}
            >
              {item.icon}
              <span>{item.title}</span>
            </UnstyledButton>
          ))}
        </section>
      ))}
      <p className={classes.hint} role="status">
        {shown.length === 0
          ? 'Nothing is called that.'
          : 'Drag onto the canvas, or click. Connect cards by their dots.'}
      </p>
    </nav>
  );
}
