import { useEffect } from 'react';
import { useStoreApi } from 'reactflow';

/**
 * React Flow keeps a fit that finds no cards until there is one, and would then move the view away under the card that somebody
 * has just dropped: nothing to fit is fitted at once.
 */
export function useNoLateFit(): void {
  const store = useStoreApi();
  useEffect(
    () =>
      store.subscribe(({ fitViewQueued, nodes }) => {
        if (fitViewQueued && nodes.length === 0) store.setState({ fitViewQueued: false, fitViewOptions: undefined });
      }),
    [store],
  );
}
