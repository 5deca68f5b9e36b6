import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Panel } from 'reactflow';
import { behindMs, changeSpeed, setSpeed, speeds, stepDisplay, togglePause, useDisplay } from '../display/display.ts';
import { useReducedMotion } from '../display/reduced-motion.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatCount } from '../ui/format.ts';
import classes from './DisplayControls.module.css';
import { useDotScale } from './dots/flow.ts';

const actions: Partial<Record<string, () => void>> = {
  k: togglePause,
  '.': stepDisplay,
  j: () => changeSpeed('slower'),
  l: () => changeSpeed('faster'),
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, [role="dialog"], .cm-editor') !== null);

/** Pause, step and slow motion of what the canvas shows, and what its dots mean. The engine goes on meanwhile. */
export function DisplayControls() {
  const running = useDisplay(({ frame }) => frame !== null && frame.topology !== 'stopped');
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const action = actions[event.key.toLowerCase()];
      if (!action || useDisplay.getState().frame === null) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return running ? (
    <Panel position="bottom-left" className={classes.place}>
      <div className={classes.bar} role="toolbar" aria-label="Display">
        <Buttons />
        <Legend />
      </div>
    </Panel>
  ) : null;
}

function Buttons() {
  const { paused, speed } = useDisplay();
  return (
    <>
      <Tooltip label={paused ? 'Go on showing what happens (K)' : 'Pause the display; the engine goes on (K)'}>
        <ActionIcon
          size="sm"
          variant={paused ? 'filled' : 'subtle'}
          color={paused ? undefined : 'gray'}
          aria-label={paused ? 'Resume the display' : 'Pause the display'}
          onClick={togglePause}
        >
          {paused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label="One picture on (.)">
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label="Step the display" onClick={stepDisplay}>
          <IconPlayerTrackNext size={14} />
        </ActionIcon>
      </Tooltip>
      <Menu position="top-start" withArrow>
        <Menu.Target>
          <button
            type="button"
            className={classes.speed}
            aria-label="Speed of the display"
            title="Slower (J), faster (L)"
          >
            {speed} ×
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {speeds.map((choice) => (
            <Menu.Item key={choice} onClick={() => setSpeed(choice)}>
              {choice === 1 ? 'Live' : `${choice} ×`}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {(paused || speed !== 1) && <Behind />}
    </>
  );
}

function Behind() {
  useFrameEvery(250);
  return (
    <span className={classes.behind} role="status" data-testid="display-behind">
      {(behindMs() / 1000).toFixed(1)} s behind
    </span>
  );
}

function Legend() {
  const { scale, flowing } = useDotScale();
  const lessMotion = useReducedMotion();
  if (!flowing) return null;
  if (lessMotion) return <span className={classes.legend}>Less motion is asked for: counts instead of dots</span>;
  return (
    <span className={classes.legend} data-testid="dot-legend">
      <svg width="10" height="10" aria-hidden="true">
        <circle cx="5" cy="5" r="3.6" fill="var(--chart-ok)" />
      </svg>
      {amount(scale.ok, 'ok')}
      <svg width="10" height="10" aria-hidden="true">
        <path d="M1.5 1.5 8.5 8.5M8.5 1.5 1.5 8.5" stroke="var(--state-dead)" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      {amount(scale.failed, 'failed')}
    </span>
  );
}

const amount = (count: number, outcome: string): string => `= ${formatCount(count)} ${outcome}`;
