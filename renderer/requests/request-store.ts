import { create } from 'zustand';
import { messageByHandSchema, type SentMessage } from '../../engine/model/message-by-hand.ts';
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
  /** Of a message: its contents. */
  body: string;
  /** Of a message; null: a request. */
  message: MessageDraft | null;
}

/** What a message has beside headers and contents. */
export interface MessageDraft {
  to: string;
  key: string;
  /** Empty: the key. */
  routingKey: string;
  /** One "name: value" a line. */
  parameters: string;
  /** Of those three null is none. */
  priority: number | null;
  delayMs: number | null;
  ttlMs: number | null;
}

export const emptyMessage: MessageDraft = {
  ...{ to: '', key: '', routingKey: '', parameters: '' },
  ...{ priority: null, delayMs: null, ttlMs: null },
};

type Answer = { request: SentRequest } | { message: SentMessage };

/** A request or a message that was sent, with what became of it. */
export interface Sent {
  id: number;
  draft: Draft;
  /** Null while it is under way, and where it was refused. */
  answer: Answer | null;
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
  draft: { edge: null, method: 'GET', path: '/', headers: '', body: '', message: null },
  history: [],
  shown: null,
}));

export const changeDraft = (change: Partial<Draft>): void =>
  useRequests.setState(({ draft }) => ({ draft: { ...draft, ...change } }));

export const changeMessage = (change: Partial<MessageDraft>): void =>
  useRequests.setState(({ draft }) => ({
    draft: { ...draft, message: { ...(draft.message ?? emptyMessage), ...change } },
  }));

/** Opens the form with a request or a message along this edge. */
export function openRequest(edge: string, path: string | undefined): void {
  if (useRequests.getState().draft.edge !== edge)
    changeDraft({ edge, message: null, ...(path !== undefined && { path }) });
  showBottom('requests');
}

/** Shows what was sent before, ready to be changed and sent again. */
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
  const refused = (issues: readonly { message: string }[]): void =>
    done({
      error: {
        code: t('not sent'),
        message: `${issues.map(({ message }) => said(message)).join('; ')}.`,
        nextStep: t('Change that and send it again.'),
        errors: [],
      },
    });
  const headers = headersOf(draft.headers);
  try {
    if (draft.message === null) {
      const { edge, method, path, body } = draft;
      const request = requestByHandSchema.safeParse({ edge, method, path, headers, body });
      if (request.success) done({ answer: { request: await engine.requests.send.mutate(request.data) } });
      else refused(request.error.issues);
      return;
    }
    const { to, key, routingKey, parameters, priority, delayMs, ttlMs } = draft.message;
    const message = messageByHandSchema.safeParse({
      ...{ edge: draft.edge, to, key, headers, contents: draft.body },
      ...{ routingKey: routingKey === '' ? null : routingKey, parameters: headersOf(parameters) },
      ...{ priority, delayMs: delayMs ?? 0, ttlMs },
    });
    if (message.success) done({ answer: { message: await engine.messages.send.mutate(message.data) } });
    else refused(message.error.issues);
  } catch (error) {
    done({ error: shownError(error) });
  }
}
