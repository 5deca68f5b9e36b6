import { Button, Group, Switch, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '../i18n/t.ts';
import { dismissedIn, useHints } from '../stores/hints.ts';
import { useProblems } from '../stores/problems.ts';
import { showBottom } from '../stores/session.ts';
import { HintCard } from './HintCard.tsx';
import classes from './hints.module.css';

/** What is weak in the document, why, and the experiment that shows it. */
export function HintsPanel() {
  const t = useT();
  const hints = useHints((state) => state.hints);
  const dismissed = useHints(dismissedIn);
  const problems = useProblems(({ errors }) => errors.length);
  const [all, setAll] = useState(false);
  const hidden = hints.filter(({ id }) => dismissed.includes(id)).length;
  const shown = hints.filter(({ id }) => all || !dismissed.includes(id));

  if (problems > 0)
    return (
      <Group gap={8}>
        <Text size="sm" c="dimmed">
          {t('Hints come when the document can run. It has problems that come first.')}
        </Text>
        <Button size="compact-xs" variant="light" onClick={() => showBottom('problems')}>
          {t('Show the problems')}
        </Button>
      </Group>
    );
  return (
    <div className={classes.panel}>
      <Group gap={12} className={classes.head}>
        <Text size="xs" c="dimmed">
          {t(
            'Read from the document alone, with what its scenarios send. Each hint has an experiment that shows the damage on real processes: “passed” means that the damage was seen.',
          )}
        </Text>
        {hidden > 0 && (
          <Switch
            size="xs"
            label={t('Show {{count}} dismissed', { count: hidden })}
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
        )}
      </Group>
      {shown.length === 0 ? (
        <Group gap={6}>
          <IconCircleCheck size={16} color="var(--state-ready)" aria-hidden />
          <Text size="sm">
            {hidden > 0
              ? t('All hints are dismissed.')
              : t('No weakness that can be read from the document. What a run shows may be another matter.')}
          </Text>
        </Group>
      ) : (
        <ul className={classes.list} aria-label={t('Hints')}>
          {shown.map((hint) => (
            <HintCard key={hint.id} hint={hint} isDismissed={dismissed.includes(hint.id)} />
          ))}
        </ul>
      )}
    </div>
  );
}
