import { useEffect } from 'react';
import { useStoreApi } from 'reactflow';
import { useDocument } from '../stores/document.ts';

/** React Flow may have to draw yet what the document has: then a fit rightly waits. */
const isEmpty = (): boolean => {
  const { nodes, groups, notes } = useDocument.getState().document;
  return nodes.length + groups.length + notes.length === 0;
};

/**
 * React Flow keeps a fit that finds no cards until there is one, and would then move the view away under the card that somebody
 * has just dropped: on an empty canvas nothing waits to be fitted.
 */
export function useNoLateFit(): void {
  const store = useStoreApi();
  useEffect(
    () =>
      store.subscribe(({ fitViewQueued }) => {
        if (fitViewQueued && isEmpty()) store.setState({ fitViewQueued: false, fitViewOptions: undefined });
      }),
    [store],
  );
}
