import { key } from '../i18n/t.ts';
import { run } from '../running/run-actions.ts';
import { showBottom } from '../stores/session.ts';
import type { EmptyAction } from './EmptyState.tsx';

export const runAction: EmptyAction = { label: key('Run the document'), starts: true, act: () => void run() };

export const experimentsAction: EmptyAction = {
  label: key('Show the experiments'),
  starts: false,
  act: () => showBottom('experiments'),
};

export const hintsAction: EmptyAction = { label: key('Show the hints'), starts: false, act: () => showBottom('hints') };

export const requestAction: EmptyAction = {
  label: key('Send a request by hand'),
  starts: false,
  act: () => showBottom('requests'),
};
