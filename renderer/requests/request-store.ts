import { create } from 'zustand';
import { type HandRequest, requestByHandSchema, type SentRequest } from '../../engine/model/request-by-hand.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import { showBottom } from '../stores/session.ts';
import { headersOf } from './headers-text.ts';

export const methods: readonly HandRequest['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export interface Draft {
  edge: string | null;
  method: HandRequest['method'];
  path: string;
  /** One "Name: value" a line. */
  headers: string;
  body: string;
}

/** A request that was sent, with what became of it. */
export interface Sent {
  id: number;
  draft: Draft;
  /** Null while it is under way, and where it was refused. */
  answer: SentRequest | null;
  error: ShownError | null;
}

interface RequestsState {
  draft: Draft;
  /** The newest first, as long as the window lives. */
  history: readonly Sent[];
  shown: number | null;
}

const MOST_KEPT = 30;

export const useRequests = create<RequestsState>()(() => ({
  draft: { edge: null, method: 'GET', path: '/', headers: '', body: '' },
  history: [],
  shown: null,
}));

export const changeDraft = (change: Partial<Draft>): void =>
  useRequests.setState(({ draft }) => ({ draft: { ...draft, ...change } }));

/** Opens the form with a request along this edge. */
export function openRequest(edge: string, path: string | undefined): void {
  if (useRequests.getState().draft.edge !== edge) changeDraft({ edge, ...(path !== undefined && { path }) });
  showBottom('requests');
}

/** Shows a request of before, ready to be changed and sent again. */
export function showSent({ id, draft }: Sent): void {
  useRequests.setState({ shown: id, draft });
}

let lastId = 0;

export async function send(): Promise<void> {
  const { draft } = useRequests.getState();
  if (draft.edge === null) return;
  lastId += 1;
  const sent: Sent = { id: lastId, draft, answer: null, error: null };
  useRequests.setState(({ history }) => ({ history: [sent, ...history].slice(0, MOST_KEPT), shown: sent.id }));
  const done = (outcome: Partial<Sent>): void =>
    useRequests.setState(({ history }) => ({
      history: history.map((other) => (other.id === sent.id ? { ...other, ...outcome } : other)),
    }));
  try {
    const request = requestByHandSchema.safeParse({ ...draft, headers: headersOf(draft.headers) });
    if (request.success) done({ answer: await engine.requests.send.mutate(request.data) });
    else
      done({
        error: {
          code: t('not sent'),
          message: `${request.error.issues.map(({ message }) => said(message)).join('; ')}.`,
          nextStep: t('Change that and send it again.'),
          errors: [],
        },
      });
  } catch (error) {
    done({ error: shownError(error) });
  }
}
