import { canvasViewport } from '../canvas/viewport.ts';
import { chooseLanguage, languageChoices } from '../i18n/language.ts';
import { type Key, key, t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { askScheme, openOverlay } from '../stores/overlay.ts';
import { type BottomTab, showBottom, useSession } from '../stores/session.ts';
import { goTo } from '../tour/tour-state.ts';
import type { Action } from './action.ts';
import { goToRegion } from './regions.ts';

const whyEmpty = (): string | null =>
  useDocument.getState().document.nodes.length === 0 ? t('There is nothing on the canvas.') : null;

const tabs: readonly [BottomTab, Key][] = [
  ['traffic', key('Traffic')],
  ['experiments', key('Experiments')],
  ['sweeps', key('Sweeps')],
  ['results', key('Results')],
  ['faults', key('Faults')],
  ['traces', key('Traces')],
  ['runs', key('Runs')],
  ['logs', key('Logs')],
  ['requests', key('Requests')],
  ['problems', key('Problems')],
  ['hints', key('Hints')],
  ['outline', key('Outline')],
];

export const viewActions: readonly Action[] = [
  {
    id: 'commands',
    family: 'Help',
    title: key('Commands…'),
    keywords: key('palette search actions'),
    keys: ['Mod+K'],
    run: () => openOverlay('commands'),
  },
  {
    id: 'shortcuts',
    family: 'Help',
    title: key('Keyboard shortcuts'),
    keywords: key('help keys'),
    keys: ['?'],
    where: 'canvas',
    run: () => openOverlay('shortcuts'),
  },
  {
    id: 'tour',
    family: 'Help',
    title: key('Take the tour'),
    keywords: key('help learn start introduction'),
    run: () => goTo(0),
  },
  {
    id: 'fit',
    family: 'View',
    title: key('Show everything'),
    keywords: key('fit zoom all'),
    keys: ['Shift+1'],
    where: 'canvas',
    disabled: whyEmpty,
    run: () => canvasViewport().fit(),
  },
  {
    id: 'fit-selection',
    family: 'View',
    title: key('Show what is selected'),
    keywords: key('fit zoom selection'),
    keys: ['Shift+2'],
    where: 'canvas',
    disabled: () => (useSession.getState().selectedNodes.length === 0 ? t('Nothing is selected.') : null),
    run: () => canvasViewport().fit(useSession.getState().selectedNodes),
  },
  {
    id: 'zoom-in',
    family: 'View',
    title: key('Zoom in'),
    keys: ['+'],
    where: 'canvas',
    run: () => canvasViewport().zoom('in'),
  },
  {
    id: 'zoom-out',
    family: 'View',
    title: key('Zoom out'),
    keys: ['-'],
    where: 'canvas',
    run: () => canvasViewport().zoom('out'),
  },
  {
    id: 'panel',
    family: 'View',
    title: key('Show or hide the panel below'),
    keywords: key('bottom measurements'),
    keys: ['Mod+B'],
    run: () => useSession.setState(({ bottomOpen }) => ({ bottomOpen: !bottomOpen })),
  },
  {
    id: 'next-region',
    family: 'View',
    title: key('Go to the next part of the window'),
    keywords: key('focus region pane inspector palette'),
    keys: ['F6'],
    run: () => goToRegion(1),
  },
  {
    id: 'previous-region',
    family: 'View',
    title: key('Go to the previous part of the window'),
    keywords: key('focus region pane inspector palette'),
    keys: ['Shift+F6'],
    run: () => goToRegion(-1),
  },
  {
    id: 'scheme',
    family: 'View',
    title: key('Light or dark colours'),
    keywords: key('theme scheme night'),
    run: askScheme,
  },
  ...languageChoices.map(
    ({ choice, title }): Action => ({
      id: `language-${choice ?? 'system'}`,
      family: 'View',
      title: key('Language: {{name}}'),
      values: () => ({ name: title() }),
      keywords: 'language langue français english locale',
      run: () => void chooseLanguage(choice),
    }),
  ),
  ...tabs.map(
    ([tab, title]): Action => ({
      id: `show-${tab}`,
      family: 'View',
      title: key('Show {{panel}}'),
      values: () => ({ panel: t(title) }),
      keywords: key('panel tab'),
      run: () => showBottom(tab),
    }),
  ),
];
