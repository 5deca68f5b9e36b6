import type { AbFigure, AbFindings } from '../../../engine/api/types.ts';
import { fixed, inUnit } from '../../i18n/number.ts';
import { said } from '../../i18n/said.ts';
import { key, useT } from '../../i18n/t.ts';
import { formatCount } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { meanText } from './sweep-text.ts';

/** Each figure of both documents, and in words whether one is better. */
export function AbResult({
  findings: { a, b, figures, primary, workload, expected, verdict },
}: {
  findings: AbFindings;
}) {
  const t = useT();
  const limit = (value: number | null, unit: string) =>
    value === null ? t('no limit') : `${formatCount(value)}${unit}`;
  const main = figures.find(({ name }) => name === primary);
  return (
    <>
      {main && (
        <p className={classes.sentence} data-verdict={main.verdict} data-testid="ab-sentence">
          {t('{{name}}: {{value}}', { name: said(main.name), value: said(main.sentence) })}
        </p>
      )}
      {expected.length > 0 && (
        <Figures
          label={t('What was expected')}
          heads={[t('Expected'), t('Outcome'), '']}
          rows={expected.map(({ figure, better, outcome, sentence }) => ({
            key: `${figure} ${better}`,
            cells: [
              better === 'a'
                ? t('{{figure}}: A better', { figure: said(figure) })
                : t('{{figure}}: B better', { figure: said(figure) }),
              t(outcomes[outcome]),
              said(sentence),
            ],
          }))}
        />
      )}
      <Figures
        label={t('What is compared')}
        heads={['', t('Document'), t('Processes'), t('Hops'), t('Settings'), t('Slots'), t('Memory'), t('Arrivals')]}
        rows={[
          { name: 'A', side: a },
          { name: 'B', side: b },
        ].map(({ name, side }) => ({
          key: name,
          cells: [
            <b key="name">{name}</b>,
            side.document,
            side.processes,
            side.hops,
            side.settings,
            limit(side.budget.slots, ''),
            limit(side.budget.memoryMb, ' MB'),
            formatCount(workload.arrivals),
          ],
        }))}
      />
      <Figures
        label={t('Figures')}
        heads={[t('Figure'), t('A [95 % interval]'), t('B [95 % interval]'), t('B against A'), t('Effect'), '']}
        rows={figures.map((figure) => ({
          key: figure.name,
          cells: [
            figure.name === primary ? (
              <b key="name">{t('{{name}} (primary)', { name: said(figure.name) })}</b>
            ) : (
              said(figure.name)
            ),
            meanText(figure.a),
            meanText(figure.b),
            <Change key="change" figure={figure} figures={figures} />,
            figure.effect ? `${fixed(figure.effect.delta, 2)} ${said(figure.effect.magnitude)}` : '–',
            said(figure.sentence),
          ],
        }))}
      />
      {verdict !== null && (
        <Figures
          label={t('Expected')}
          heads={[t('Expected'), '', said(verdict)]}
          rows={expected.map(({ figure, better, outcome, sentence }) => ({
            key: `${figure} ${better}`,
            cells: [
              better === 'a'
                ? t('A is better in {{figure}}', { figure: said(figure) })
                : t('B is better in {{figure}}', { figure: said(figure) }),
              t(outcomes[outcome]),
              said(sentence),
            ],
          }))}
        />
      )}
    </>
  );
}

const outcomes = { shown: key('shown'), 'not-shown': key('not shown'), inconclusive: key('inconclusive') };

/** The change with its interval about zero, on the scale of the widest: where it crosses the line, none is shown. */
function Change({ figure: { change, better, verdict }, figures }: { figure: AbFigure; figures: readonly AbFigure[] }) {
  const t = useT();
  if (!change || change.low === null || change.high === null) return <>–</>;
  const ends = figures.flatMap(({ change: other }) => [other?.low ?? 0, other?.high ?? 0].map(Math.abs));
  const widest = Math.max(0.01, ...ends);
  const at = (value: number): number => 50 + (50 * value) / widest;
  return (
    <span
      className={classes.change}
      role="img"
      aria-label={[
        `${inUnit(fixed(100 * change.value, 1), '%')} [${fixed(100 * change.low, 1)}, ${fixed(100 * change.high, 1)}]`,
        better === 'lower' ? t('lower is better') : t('higher is better'),
      ].join(', ')}
      data-verdict={verdict}
    >
      <i
        className={classes.changeRange}
        style={{ left: `${at(change.low)}%`, width: `${Math.max(1, at(change.high) - at(change.low))}%` }}
      />
      <b className={classes.changeValue} style={{ left: `${at(change.value)}%` }} />
    </span>
  );
}
