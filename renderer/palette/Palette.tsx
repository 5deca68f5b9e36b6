import { UnstyledButton } from '@mantine/core';
import { kinds } from '../../engine/kinds/index.ts';
import { addToCanvas, KIND_MEDIA_TYPE } from '../canvas/add-to-canvas.ts';
import { KindIcon } from '../ui/KindIcon.tsx';
import classes from './Palette.module.css';

const familyTitles: Record<(typeof kinds)[number]['family'], string> = {
  traffic: 'Traffic',
  edge: 'Edge',
  compute: 'Compute',
  storage: 'Storage',
};

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
      <p className={classes.hint}>Drag onto the canvas, or click. Connect cards by their dots.</p>
    </nav>
  );
}
