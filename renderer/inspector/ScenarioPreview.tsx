import { Text } from '@mantine/core';
import type { Course } from '../../engine/model/executors/course.ts';
import type { Scenario } from '../../engine/model/scenario.ts';
import { useT } from '../i18n/t.ts';
import { formatCount, formatMeasure, formatSeconds } from '../ui/format.ts';
import classes from './ScenarioPreview.module.css';
import { scenarioCourses } from './scenario-course.ts';

const WIDTH = 240;
const HEIGHT = 44;

/** A small picture of the rate, or of the users, that a scenario plans over its duration. */
export function ScenarioPreview({ scenario }: { scenario: Scenario }) {
  return scenarioCourses(scenario).map((course) => (
    <Plan key={course.unit} course={course} durationMs={scenario.durationMs} />
  ));
}

function Plan({ course: { unit, points }, durationMs }: { course: Course; durationMs: number }) {
  const t = useT();
  const highest = Math.max(...points.map(({ value }) => value));
  const what =
    unit === 'VUs' ? t('{{number}} VUs', { number: formatCount(highest) }) : formatMeasure(highest, 'per second');
  const x = (atMs: number): number => (atMs / durationMs) * WIDTH;
  const y = (value: number): number => HEIGHT - (highest > 0 ? value / highest : 0) * (HEIGHT - 2) - 1;
  const line = points.map(({ atMs, value }) => `${x(atMs).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <figure className={classes.preview} data-testid="scenario-preview" data-unit={unit}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('Planned: at most {{what}} within {{time}}', {
          what,
          time: formatSeconds(durationMs),
        })}
      >
        <polygon className={classes.area} points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
        <polyline className={classes.line} points={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <Text component="figcaption" fz={11} c="dimmed" className={classes.caption}>
        <span>{t('planned, at most {{what}}', { what })}</span>
        <span>{formatSeconds(durationMs)}</span>
      </Text>
    </figure>
  );
}
