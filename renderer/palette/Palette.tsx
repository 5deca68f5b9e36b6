import { TextInput, UnstyledButton } from '@mantine/core';
import { IconNote, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { kinds } from '../../engine/kinds/index.ts';
import { addGroupToCanvas, addNoteToCanvas, addToCanvas, KIND_MEDIA_TYPE } from '../canvas/add-to-canvas.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import classes from './Palette.module.css';
import { places } from './places.ts';

const familyTitles: Record<(typeof kinds)[number]['family'], Key> = {
  traffic: key('Traffic'),
  edge: key('Edge'),
  compute: key('Compute'),
  storage: key('Storage'),
  messaging: key('Messaging'),
};

interface Item {
  kind: string;
  /** Of the engine's definitions, or of ours. */
  title: string;
  help: string;
  icon: ReactNode;
  add(): void;
}

const families: readonly { title: Key; items: readonly Item[] }[] = [
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
    title: key('Places'),
    items: places.map(({ kind, title, help, Icon }) => ({
      kind,
      title,
      help,
      icon: <Icon size={26} stroke={1.6} aria-hidden />,
      add: () => addGroupToCanvas(kind),
    })),
  },
  {
    title: key('Words'),
    items: [
      {
        kind: 'note',
        title: key('Note'),
        help: key('Something written on the canvas for people. It runs nothing.'),
        icon: <IconNote size={26} stroke={1.6} aria-hidden />,
        add: () => addNoteToCanvas(),
      },
    ],
  },
];

const holds = ({ title, kind, help }: Item, query: string): boolean =>
  `${said(title)} ${kind} ${said(help)}`.toLowerCase().includes(query);

/** Everything that can be put on the canvas: dragged there, clicked, or found by its name and added with Enter. */
export function Palette() {
  const t = useT();
  const [text, setText] = useState('');
  const query = text.trim().toLowerCase();
  // A title counts more than a word in its explanation.
  const byTitle = families.some(({ items }) => items.some(({ title }) => said(title).toLowerCase().includes(query)));
  const shown = families
    .map(({ title, items }) => ({
      title,
      items: items.filter((item) => (byTitle ? said(item.title).toLowerCase().includes(query) : holds(item, query))),
    }))
    .filter(({ items }) => items.length > 0);
  const [first] = shown.flatMap(({ items }) => items);
  return (
    <nav className={classes.palette} aria-label={t('Palette')} data-region="palette">
      <TextInput
        size="xs"
        placeholder={t('Search')}
        aria-label={t('Search the palette')}
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
        <section key={title} aria-label={t(title)}>
          <h2 className={classes.family}>{t(title)}</h2>
          {items.map((item) => (
            <UnstyledButton
              key={item.kind}
              className={classes.kind}
              draggable
              aria-label={t('Add {{title}}', { title: said(item.title) })}
              title={said(item.help)}
              data-testid={`palette-${item.kind}`}
              onDragStart={(event) => {
                event.dataTransfer.setData(KIND_MEDIA_TYPE, item.kind);
                event.dataTransfer.effectAllowed = 'copy';
              }}
              onClick={item.add}
            >
              {item.icon}
              <span>{said(item.title)}</span>
            </UnstyledButton>
          ))}
        </section>
      ))}
      <p className={classes.hint} role="status">
        {shown.length === 0
          ? t('Nothing is called that.')
          : t('Drag onto the canvas, or click. Connect cards by their dots.')}
      </p>
    </nav>
  );
}
