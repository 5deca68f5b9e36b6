import { useEffect, useState } from 'react';
import type { TemplateSummary } from '../../engine/api/engine.ts';
import { engine, useConnection } from '../engine-client/client.ts';

/** Documents that come with Archipel; empty until the engine answers. */
export function useTemplates(): TemplateSummary[] {
  const online = useConnection(({ state }) => state === 'online');
  const [templates, setTemplates] = useState<TemplateSummary[]>([]);
  useEffect(() => {
    if (!online) return;
    let current = true;
    engine.documents.templates.query().then(
      (answer) => current && setTemplates(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [online]);
  return templates;
}
