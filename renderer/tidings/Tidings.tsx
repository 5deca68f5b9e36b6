import { useEffect, useState } from 'react';
import { faultTitle } from '../faults/presentation.ts';
import { whereText } from '../faults/where-text.ts';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { isReplaying } from '../stores/replay.ts';
import { useRun } from '../stores/run.ts';
import { type Names, tidings } from './tidings.ts';

/** What was told is no use to anybody who comes across it later. */
const KEPT_MS = 10_000;

const document = () => useDocument.getState().document;
const names: Names = {
  node: (id) => document().nodes.find((node) => node.id === id)?.name ?? id,
  fault: ({ fault, target }) => t('{{fault}} on {{where}}', { fault: faultTitle(fault), where: whereText(target) }),
  experiment: (name) => document().experiments.find((experiment) => experiment.name === name)?.title ?? name,
};

/** Tells those who hear the window what others see happen on the canvas. */
export function Tidings() {
  const [told, setTold] = useState<readonly { key: number; text: string }[]>([]);
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    let key = 0;
    let last = useRun.getState().frame;
    const end = useRun.subscribe(({ frame }) => {
      if (frame === last) return;
      // What a recorded run shows again does not happen.
      const before = last;
      last = isReplaying() ? null : frame;
      const news = tidings(before, last, names).map((text) => ({ key: key++, text }));
      if (news.length === 0) return;
      setTold((old) => [...old, ...news]);
      const timer = setTimeout(() => {
        timers.delete(timer);
        setTold((old) => old.filter((each) => !news.includes(each)));
      }, KEPT_MS);
      timers.add(timer);
    });
    return () => {
      end();
      for (const timer of timers) clearTimeout(timer);
    };
  }, []);
  return (
    <div className="visually-hidden" aria-live="polite" data-testid="tidings">
      {told.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
