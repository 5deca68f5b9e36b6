import { changeSpeed, stepDisplay, togglePause, useDisplay } from '../display/display.ts';
import { key, t } from '../i18n/t.ts';
import { followLive, useChartWindow } from '../metrics/chart-window.ts';
import { setPanelHeight } from '../panel-height.ts';
import { leaveReplay } from '../replay/player.ts';
import { togglePresentation, usePresentation } from '../stores/presentation.ts';
import { isReplaying } from '../stores/replay.ts';
import { useSession } from '../stores/session.ts';
import type { Action } from './action.ts';

const whyNothingRuns = (): string | null =>
  useDisplay.getState().frame === null ? t('Nothing runs, and nothing is replayed.') : null;

const PANEL_STEP_PX = 80;
const PANEL_PX = 300;
const panelHigherBy = (px: number): void => setPanelHeight((useSession.getState().bottomHeightPx ?? PANEL_PX) + px);

/** What is shown, and how; what runs is left alone. */
export const displayActions: readonly Action[] = [
  {
    id: 'display-pause',
    family: 'View',
    title: key('Pause or resume the display'),
    titleNow: () => (useDisplay.getState().paused ? t('Resume the display') : t('Pause the display')),
    keywords: key('freeze stop picture'),
    keys: ['K'],
    where: 'canvas',
    disabled: whyNothingRuns,
    run: togglePause,
  },
  {
    id: 'display-step',
    family: 'View',
    title: key('Step the display'),
    keywords: key('one picture frame on'),
    keys: ['.'],
    where: 'canvas',
    disabled: whyNothingRuns,
    run: stepDisplay,
  },
  {
    id: 'display-slower',
    family: 'View',
    title: key('Slow the display down'),
    keywords: key('slow motion speed'),
    keys: ['J'],
    where: 'canvas',
    disabled: whyNothingRuns,
    run: () => changeSpeed('slower'),
  },
  {
    id: 'display-faster',
    family: 'View',
    title: key('Speed the display up'),
    keywords: key('slow motion live'),
    keys: ['L'],
    where: 'canvas',
    disabled: whyNothingRuns,
    run: () => changeSpeed('faster'),
  },
  {
    id: 'charts-live',
    family: 'View',
    title: key('Charts live again'),
    keywords: key('zoom reset brush time'),
    disabled: () => (useChartWindow.getState().zoom === null ? t('The charts are live.') : null),
    run: followLive,
  },
  {
    id: 'presentation',
    family: 'View',
    title: key('Presentation mode'),
    titleNow: () => (usePresentation.getState().on ? t('Leave the presentation mode') : t('Presentation mode')),
    keywords: key('projector beamer full canvas large'),
    keys: ['P'],
    where: 'canvas',
    run: togglePresentation,
  },
  {
    id: 'leave-replay',
    family: 'View',
    title: key('Leave the replay'),
    keywords: key('live record past end'),
    disabled: () => (isReplaying() ? null : t('No recorded run is shown.')),
    run: leaveReplay,
  },
  {
    id: 'panel-higher',
    family: 'View',
    title: key('Make the panel below higher'),
    keywords: key('bottom larger height'),
    run: () => panelHigherBy(PANEL_STEP_PX),
  },
  {
    id: 'panel-lower',
    family: 'View',
    title: key('Make the panel below lower'),
    keywords: key('bottom smaller height'),
    run: () => panelHigherBy(-PANEL_STEP_PX),
  },
];
