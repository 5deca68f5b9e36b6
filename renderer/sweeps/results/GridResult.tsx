import { Tooltip } from '@mantine/core';
import type { GridFindings } from '../../../engine/api/types.ts';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { goodShare, percent, perSec } from './sweep-text.ts';

/** The share of good answers for each timeout with each number of attempts: the greener the more. */
export function GridResult({ findings: { cells, best, asGood, edge, ratePerSec } }: { findings: GridFindings }) {
  const timeouts = [...new Set(cells.map(({ timeoutMs }) => timeoutMs))].sort((a, b) => a - b);
  const attempts = [...new Set(cells.map((cell) => cell.attempts))].sort((a, b) => a - b);
  return (
    <table className={classes.grid} aria-label="Good answers by timeout and attempts" data-testid="grid">
      <caption>
        Good answers on {edge} at {perSec(ratePerSec)}, with p99 and attempts for each request. Framed: the best;
        dashed: those that chance alone may have kept from it.
      </caption>
      <thead>
        <tr>
          <th scope="col">timeout</th>
          {attempts.map((count) => (
            <th key={count} scope="col">
              {count === 1 ? '1 attempt' : `${count} attempts`}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {timeouts.map((timeoutMs) => (
          <tr key={timeoutMs}>
            <th scope="row">{timeoutMs} ms</th>
            {attempts.map((count) => {
              const index = cells.findIndex((cell) => cell.timeoutMs === timeoutMs && cell.attempts === count);
              const cell = cells[index];
              if (!cell) return <td key={count}>not measured</td>;
              const good = goodShare(cell);
              const [problem] = cell.problems;
              return (
                <Tooltip
                  key={count}
                  withinPortal
                  label={
                    problem ?? `${perSec(cell.answeredPerSec)} answered, ${cell.failed} failed, ${cell.dropped} dropped`
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
                      {cell.attemptsPerRequest !== null && ` · ${cell.attemptsPerRequest.toFixed(2)} ×`}
                      {problem !== undefined && ' · left out'}
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
