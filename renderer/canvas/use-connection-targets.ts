import { useEffect } from 'react';
import { useConnection } from 'reactflow';
import { useDocument } from '../stores/document.ts';
import { refusal } from './connection-rules.ts';

/** While a connection is drawn, marks each card by whether it may end there. Returns nothing: the cards are marked in place, so that none is drawn anew. */
export function useConnectionTargets(): void {
  const from = useConnection(({ fromNode, fromHandle }) =>
    fromNode && fromHandle ? `${fromHandle.type} ${fromNode.id}` : null,
  );
  useEffect(() => {
    if (from === null) return;
    const [side, id = ''] = from.split(' ');
    const { document } = useDocument.getState();
    const marked = [...window.document.querySelectorAll<HTMLElement>('.react-flow__node-card')];
    for (const card of marked) {
      const other = card.dataset.id ?? '';
      if (other === id) continue;
      const ends = side === 'source' ? { source: id, target: other } : { source: other, target: id };
      card.dataset.connect = refusal(document, ends) === null ? 'legal' : 'illegal';
    }
    return () => {
      for (const card of marked) delete card.dataset.connect;
    };
  }, [from]);
}
