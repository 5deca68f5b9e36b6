import { type KeyboardEvent, useRef } from 'react';
import type { PeekedMessage } from '../../engine/model/peek.ts';
import { useT } from '../i18n/t.ts';
import { formatBytes, formatClock } from '../ui/format.ts';
import classes from './messages.module.css';
import { stateTitles } from './state-titles.ts';

/** Up, down, home and end go through them. */
export function MessageRows(props: {
  messages: readonly PeekedMessage[];
  chosen: string;
  onChoose(place: string): void;
}) {
  const { messages, chosen, onChoose } = props;
  const t = useT();
  const list = useRef<HTMLUListElement>(null);

  const go = (event: KeyboardEvent): void => {
    const at = messages.findIndex(({ place }) => place === chosen);
    const last = messages.length - 1;
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
    const next = steps[event.key];
    const message = next === undefined ? undefined : messages[Math.min(last, Math.max(0, next))];
    if (!message) return;
    event.preventDefault();
    onChoose(message.place);
    list.current?.querySelectorAll('button')[messages.indexOf(message)]?.focus();
  };

  return (
    <ul ref={list} className={classes.rows} aria-label={t('Messages')} onKeyDown={go}>
      {messages.map(({ place, id, key, state, publishedAtMs, partition, offset, payload }) => (
        <li key={place}>
          <button
            type="button"
            className={classes.row}
            aria-current={place === chosen}
            tabIndex={place === chosen ? 0 : -1}
            data-message={id}
            onClick={() => onChoose(place)}
          >
            <span className={classes.head}>
              <b>{partition === null ? (offset ?? (id || place)) : `${partition} · ${offset}`}</b>
              {state && <span data-state={state}>{t(stateTitles[state])}</span>}
            </span>
            <small>
              {[
                ...(key === null ? [] : [key]),
                ...(publishedAtMs === null ? [] : [formatClock(publishedAtMs)]),
                formatBytes(payload.bytes),
              ].join(' · ')}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}
