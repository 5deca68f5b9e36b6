import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext, IconPresentation } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Panel, useReactFlow } from 'reactflow';
import { behindMs, setSpeed, speeds, stepDisplay, togglePause, useDisplay } from '../display/display.ts';
import { useReducedMotion } from '../display/reduced-motion.ts';
import { inLanguage, inPlain } from '../i18n/number.ts';
import { useT } from '../i18n/t.ts';
import { togglePresentation, usePresentation } from '../stores/presentation.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatCount } from '../ui/format.ts';
import classes from './DisplayControls.module.css';
import { useDotScale } from './dots/flow.ts';

/** Pause, step and slow motion of what the canvas shows, what its dots mean, and the mode for a projector. The engine goes on meanwhile. */
export function DisplayControls() {
  const t = useT();
  const running = useDisplay(({ frame }) => frame !== null && frame.topology !== 'stopped');
  usePresentationView();
  return (
    <Panel position="bottom-left" className={classes.place}>
      <div className={classes.bar} role="toolbar" aria-label={t('Display')}>
        {running && <Buttons />}
        <PresentationButton />
        {running && <Legend />}
      </div>
    </Panel>
  );
}

/** Larger letters, and all nodes in view, as large as they fit; and as it was before, afterwards. */
function usePresentationView(): void {
  const presenting = usePresentation(({ on }) => on);
  const flow = useReactFlow();
  useEffect(() => {
    if (!presenting) return;
    const before = flow.getViewport();
    document.documentElement.dataset.presentation = '';
    // The canvas has its new size only when the panels are gone.
    const timer = setTimeout(() => void flow.fitView({ padding: 0.08, maxZoom: 2, duration: 0 }), 80);
    return () => {
      clearTimeout(timer);
      delete document.documentElement.dataset.presentation;
      void flow.setViewport(before);
    };
  }, [presenting, flow]);
}

function PresentationButton() {
  const t = useT();
  const presenting = usePresentation(({ on }) => on);
  return (
    <Tooltip label={presenting ? t('Back to all panels (P)') : t('For a projector: the canvas alone, larger (P)')}>
      <ActionIcon
        size="sm"
        variant={presenting ? 'filled' : 'subtle'}
        color={presenting ? undefined : 'gray'}
        aria-label={t('Presentation mode')}
        aria-pressed={presenting}
        onClick={togglePresentation}
      >
        <IconPresentation size={14} />
      </ActionIcon>
    </Tooltip>
  );
}

function Buttons() {
  const t = useT();
  const { paused, speed } = useDisplay();
  return (
    <>
      <Tooltip label={paused ? t('Go on showing what happens (K)') : t('Pause the display; the engine goes on (K)')}>
        <ActionIcon
          size="sm"
          variant={paused ? 'filled' : 'subtle'}
          color={paused ? undefined : 'gray'}
          aria-label={paused ? t('Resume the display') : t('Pause the display')}
          onClick={togglePause}
        >
          {paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('One picture on (.)')}>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('Step the display')} onClick={stepDisplay}>
          <IconPlayerTrackNext size={14} />
        </ActionIcon>
      </Tooltip>
      <Menu position="top-start" withArrow>
        <Menu.Target>
          <button
            type="button"
            className={classes.speed}
            aria-label={t('Speed of the display: {{speed}} ×', { speed: inPlain(speed) })}
            title={t('Slower (J), faster (L)')}
          >
            {inPlain(speed)} ×
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {speeds.map((choice) => (
            <Menu.Item key={choice} onClick={() => setSpeed(choice)}>
              {choice === 1 ? t('Live') : `${inPlain(choice)} ×`}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {(paused || speed !== 1) && <Behind />}
    </>
  );
}

function Behind() {
  const t = useT();
  useFrameEvery(250);
  return (
    <span className={classes.behind} role="status" data-testid="display-behind">
      {t('{{seconds}} s behind', { seconds: inLanguage((behindMs() / 1000).toFixed(1)) })}
    </span>
  );
}

function Legend() {
  const t = useT();
  const { scale, flowing } = useDotScale();
  const lessMotion = useReducedMotion();
  if (!flowing) return null;
  if (lessMotion)
    return <span className={classes.legend}>{t('Less motion is asked for: counts instead of dots')}</span>;
  return (
    <span className={classes.legend} data-testid="dot-legend">
      <svg width="10" height="10" aria-hidden="true">
        <circle cx="5" cy="5" r="3.6" fill="var(--chart-ok)" />
      </svg>
      {t('= {{number}} ok', { number: formatCount(scale.ok) })}
      <svg width="10" height="10" aria-hidden="true">
        <path d="M1.5 1.5 8.5 8.5M8.5 1.5 1.5 8.5" stroke="var(--state-dead)" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      {t('= {{number}} failed', { number: formatCount(scale.failed) })}
    </span>
  );
}
