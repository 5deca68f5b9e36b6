import { run } from '../running/run-actions.ts';
import { showBottom } from '../stores/session.ts';
import type { EmptyAction } from './EmptyState.tsx';

export const runAction: EmptyAction = { label: 'Run the document', starts: true, act: () => void run() };

export const experimentsAction: EmptyAction = {
  label: 'Show the experiments',
  starts: false,
  act: () => showBottom('experiments'),
};

export const hintsAction: EmptyAction = { label: 'Show the hints', starts: false, act: () => showBottom('hints') };

export const requestAction: EmptyAction = {
  label: 'Send a request by hand',
  starts: false,
  act: () => showBottom('requests'),
};
