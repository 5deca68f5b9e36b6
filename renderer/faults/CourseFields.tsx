import { Stack, Text } from '@mantine/core';
import { useCallback } from 'react';
import type { DocumentError, FaultDefinition } from '../../engine/model/definition.ts';
import { faultCourseSchema } from '../../engine/model/fault.ts';
import { useT } from '../i18n/t.ts';
import { Fold } from '../inspector/Fold.tsx';
import { SchemaForm } from '../inspector/form/SchemaForm.tsx';
import { type ValuePath, withValueAt } from '../stores/value-at.ts';
import { courseText } from './course-text.ts';
import { drawnForText } from './presentation.ts';

interface Props {
  definition: FaultDefinition;
  course: Record<string, unknown>;
  problems: readonly DocumentError[];
  onChange(course: Record<string, unknown>): void;
}

/** When a fault acts, on which share, and how it grows; only what makes sense for it. */
export function CourseFields({ definition, course, problems, onChange }: Props) {
  const t = useT();
  const { probability = 'activation', ramps } = definition;
  const draws = probability !== 'activation' || isDrawnFor(course);
  const omit = [...(draws ? [] : ['probability']), ...(ramps ? [] : ['rampMs'])];
  const change = useCallback(
    (path: ValuePath, value: unknown) => {
      const next = withValueAt(course, path, value);
      onChange(
        probability === 'activation' && !isDrawnFor(next) ? withValueAt(next, ['probability'], undefined) : next,
      );
    },
    [course, onChange, probability],
  );
  const read = faultCourseSchema.safeParse(course);
  const summary = read.success ? courseText(read.data) : t('not valid yet');
  return (
    <Fold
      title={t('When: {{summary}}', { summary: summary || t('all the time') })}
      invalid={problems.some(({ path }) => path.startsWith('$.course'))}
    >
      <Stack gap={8} pt={4}>
        <SchemaForm
          schema={faultCourseSchema}
          value={course}
          problems={problems}
          root="$.course"
          onChange={change}
          omit={omit}
        />
        <Text fz={11} c="dimmed">
          {draws
            ? t(drawnForText[probability])
            : t('With a schedule it can be given a probability, drawn for each of its times.')}
        </Text>
      </Stack>
    </Fold>
  );
}

/** A schedule that puts a fault on over and over, each time of which can be drawn. */
function isDrawnFor(course: Record<string, unknown>): boolean {
  const schedule = course.schedule as { type?: string } | undefined;
  return schedule !== undefined && schedule.type !== 'at';
}
