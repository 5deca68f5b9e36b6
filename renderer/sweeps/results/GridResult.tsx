import { Tooltip } from '@mantine/core';
import type { GridFindings } from '../../../engine/api/types.ts';
import { fixed, inUnit } from '../../i18n/number.ts';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { goodShare, percent, perSec } from './sweep-text.ts';

/** The share of good answers for each timeout with each number of attempts: the greener the more. */
export function GridResult({ findings: { cells, best, asGood, edge, ratePerSec } }: { findings: GridFindings }) {
  const t = useT();
  const timeouts = [...new Set(cells.map(({ timeoutMs }) => timeoutMs))].sort((a, b) => a - b);
  const attempts = [...new Set(cells.map((cell) => cell.attempts))].sort((a, b) => a - b);
  return (
    <table className={classes.grid} aria-label={t('Good answers by timeout and attempts')} data-testid="grid">
      <caption>
        {t(
          'Good answers on {{edge}} at {{rate}}, with p99 and attempts for each request. Framed: the best; dashed: those that chance alone may have kept from it.',
          { edge, rate: perSec(ratePerSec) },
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('timeout')}</th>
          {attempts.map((count) => (
            <th key={count} scope="col">
              {t('{{count}} attempts', { count })}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {timeouts.map((timeoutMs) => (
          <tr key={timeoutMs}>
            <th scope="row">{inUnit(String(timeoutMs), 'ms')}</th>
            {attempts.map((count) => {
              const index = cells.findIndex((cell) => cell.timeoutMs === timeoutMs && cell.attempts === count);
              const cell = cells[index];
              if (!cell) return <td key={count}>{t('not measured')}</td>;
              const good = goodShare(cell);
              const [problem] = cell.problems;
              return (
                <Tooltip
                  key={count}
                  withinPortal
                  label={
                    said(problem ?? '') ||
                    t('{{rate}} answered, {{failed}} failed, {{dropped}} dropped', {
                      rate: perSec(cell.answeredPerSec),
                      failed: cell.failed,
                      dropped: cell.dropped,
                    })
                  }
                >
                  <td
                    data-rank={index === best ? 'best' : asGood.includes(index) ? 'as-good' : undefined}
                    data-problem={problem !== undefined}
                    style={{ '--share': `${Math.round(100 * (good ?? 0))}%` } as React.CSSProperties}
                  >
                    <b>{percent(good)}</b>
                    <small>
                      {formatMs(cell.latencyMs.p99)}
                      {cell.attemptsPerRequest !== null && ` · ${inUnit(fixed(cell.attemptsPerRequest, 2), '×')}`}
                      {problem !== undefined && ` · ${t('left out')}`}
                    </small>
                  </td>
                </Tooltip>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
