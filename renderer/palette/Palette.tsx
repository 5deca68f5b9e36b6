import { UnstyledButton } from '@mantine/core';
import { IconBuilding, IconServer2 } from '@tabler/icons-react';
import { kinds } from '../../engine/kinds/index.ts';
import { addGroupToCanvas, addToCanvas, KIND_MEDIA_TYPE } from '../canvas/add-to-canvas.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import classes from './Palette.module.css';

const familyTitles: Record<(typeof kinds)[number]['family'], string> = {
  traffic: 'Traffic',
  edge: 'Edge',
  compute: 'Compute',
  storage: 'Storage',
};

const places = [
  {
    kind: 'host',
    title: 'Host',
    help: 'A machine that nodes share: a fault on it hits all of them, and a budget says how many processes fit. Click with cards selected to put it around them.',
    Icon: IconServer2,
  },
  {
    kind: 'zone',
    title: 'Zone',
    help: 'A part of a data centre, with hosts and nodes in it: it fails as a whole, or grows slow to reach.',
    Icon: IconBuilding,
  },
] as const;

export function Palette() {
  const families = [...new Set(kinds.map((kind) => kind.family))];
  return (
    <nav className={classes.palette} aria-label="Palette">
      {families.map((family) => (
        <section key={family} aria-label={familyTitles[family]}>
          <h2 className={classes.family}>{familyTitles[family]}</h2>
          {kinds
            .filter((kind) => kind.family === family)
            .map((kind) => (
              <UnstyledButton
                key={kind.kind}
                className={classes.kind}
                draggable
                aria-label={`Add ${kind.title}`}
                title={kind.help}
                data-testid={`palette-${kind.kind}`}
                onDragStart={(event) => {
                  event.dataTransfer.setData(KIND_MEDIA_TYPE, kind.kind);
                  event.dataTransfer.effectAllowed = 'copy';
                }}
                onClick={() => addToCanvas(kind.kind)}
              >
                <KindIcon kind={kind.kind} size={34} />
                <span>{kind.title}</span>
              </UnstyledButton>
            ))}
        </section>
      ))}
      <section aria-label="Places">
        <h2 className={classes.family}>Places</h2>
        {places.map(({ kind, title, help, Icon }) => (
          <UnstyledButton
            key={kind}
            className={classes.kind}
            draggable
            aria-label={`Add ${title}`}
            title={help}
            data-testid={`palette-${kind}`}
            onDragStart={(event) => {
              event.dataTransfer.setData(KIND_MEDIA_TYPE, kind);
              event.dataTransfer.effectAllowed = 'copy';
            }}
            onClick={() => addGroupToCanvas(kind)}
          >
            <Icon size={26} stroke={1.6} aria-hidden />
            <span>{title}</span>
          </UnstyledButton>
        ))}
      </section>
      <p className={classes.hint}>Drag onto the canvas, or click. Connect cards by their dots.</p>
    </nav>
  );
}
