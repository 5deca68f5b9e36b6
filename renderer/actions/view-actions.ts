import { canvasViewport } from '../canvas/viewport.ts';
import { useDocument } from '../stores/document.ts';
import { askScheme, openOverlay } from '../stores/overlay.ts';
import { type BottomTab, showBottom, useSession } from '../stores/session.ts';
import { goTo } from '../tour/tour-state.ts';
import type { Action } from './action.ts';
import { goToRegion } from './regions.ts';

const whyEmpty = (): string | null =>
  useDocument.getState().document.nodes.length === 0 ? 'There is nothing on the canvas.' : null;

const tabs: readonly [BottomTab, string][] = [
  ['traffic', 'Traffic'],
  ['experiments', 'Experiments'],
  ['sweeps', 'Sweeps'],
  ['results', 'Results'],
  ['faults', 'Faults'],
  ['traces', 'Traces'],
  ['runs', 'Runs'],
  ['logs', 'Logs'],
  ['requests', 'Requests'],
  ['problems', 'Problems'],
  ['hints', 'Hints'],
];

export const viewActions: readonly Action[] = [
  {
    id: 'commands',
    family: 'Help',
    title: 'Commands…',
    keywords: 'palette search actions',
    keys: ['Mod+K'],
    run: () => openOverlay('commands'),
  },
  {
    id: 'shortcuts',
    family: 'Help',
    title: 'Keyboard shortcuts',
    keywords: 'help keys',
    keys: ['?'],
    where: 'canvas',
    run: () => openOverlay('shortcuts'),
  },
  {
    id: 'tour',
    family: 'Help',
    title: 'Take the tour',
    keywords: 'help learn start introduction',
    run: () => goTo(0),
  },
  {
    id: 'fit',
    family: 'View',
    title: 'Show everything',
    keywords: 'fit zoom all',
    keys: ['Shift+1'],
    where: 'canvas',
    disabled: whyEmpty,
    run: () => canvasViewport().fit(),
  },
  {
    id: 'fit-selection',
    family: 'View',
    title: 'Show what is selected',
    keywords: 'fit zoom selection',
    keys: ['Shift+2'],
    where: 'canvas',
    disabled: () => (useSession.getState().selectedNodes.length === 0 ? 'Nothing is selected.' : null),
    run: () => canvasViewport().fit(useSession.getState().selectedNodes),
  },
  {
    id: 'zoom-in',
    family: 'View',
    title: 'Zoom in',
    keys: ['+'],
    where: 'canvas',
    run: () => canvasViewport().zoom('in'),
  },
  {
    id: 'zoom-out',
    family: 'View',
    title: 'Zoom out',
    keys: ['-'],
    where: 'canvas',
    run: () => canvasViewport().zoom('out'),
  },
  {
    id: 'panel',
    family: 'View',
    title: 'Show or hide the panel below',
    keywords: 'bottom measurements',
    keys: ['Mod+B'],
    run: () => useSession.setState(({ bottomOpen }) => ({ bottomOpen: !bottomOpen })),
  },
  {
    id: 'next-region',
    family: 'View',
    title: 'Go to the next part of the window',
    keywords: 'focus region pane inspector palette',
    keys: ['F6'],
    run: () => goToRegion(1),
  },
  {
    id: 'previous-region',
    family: 'View',
    title: 'Go to the previous part of the window',
    keywords: 'focus region pane inspector palette',
    keys: ['Shift+F6'],
    run: () => goToRegion(-1),
  },
  { id: 'scheme', family: 'View', title: 'Light or dark colours', keywords: 'theme scheme night', run: askScheme },
  ...tabs.map(
    ([tab, title]): Action => ({
      id: `show-${tab}`,
      family: 'View',
      title: `Show ${title}`,
      keywords: 'panel tab',
      run: () => showBottom(tab),
    }),
  ),
];
