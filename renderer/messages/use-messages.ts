import { useEffect, useState } from 'react';
import type { MessageState, PeekedPage } from '../../engine/model/peek.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';

/** What of a broker is looked at. */
export interface Look {
  node: string;
  destination: string;
  order: 'oldest' | 'newest';
  state: MessageState | null;
  cursor: string | null;
}

export interface Shown {
  /** Null: it has not answered yet, or did not. */
  page: PeekedPage | null;
  error: ShownError | null;
  /** When it was answered, in epoch milliseconds. */
  atMs: number;
  isLoading: boolean;
  refresh(): void;
}

/** A page of what lies there, as of when it was asked for. */
export function useMessages({ node, destination, order, state, cursor }: Look): Shown {
  const [asked, setAsked] = useState(0);
  const nothing = { of: destination, page: null, error: null, atMs: 0, isLoading: true };
  const [shown, setShown] = useState<Omit<Shown, 'refresh'> & { of: string }>(nothing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is what `asked` is for
  useEffect(() => {
    let current = true;
    const answered = () => ({ of: destination, atMs: Date.now(), isLoading: false });
    setShown((before) => ({ ...before, isLoading: true }));
    engine.messages.peek
      .query({ node, destination, order, state, cursor })
      .then((page) => current && setShown({ ...answered(), page, error: null }))
      .catch((error: unknown) => current && setShown({ ...answered(), page: null, error: shownError(error) }));
    return () => {
      current = false;
    };
  }, [node, destination, order, state, cursor, asked]);
  // What lay elsewhere is not shown here.
  return { ...(shown.of === destination ? shown : nothing), refresh: () => setAsked((count) => count + 1) };
}
