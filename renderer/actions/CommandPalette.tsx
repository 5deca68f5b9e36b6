import { Text } from '@mantine/core';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useT } from '../i18n/t.ts';
import { closeOverlay, useOverlay } from '../stores/overlay.ts';
import { type Action, familyTitles, titleNow } from './action.ts';
import classes from './actions.module.css';
import { found } from './find.ts';
import { shown } from './keys.ts';
import { actionsNow } from './registry.ts';

/** Every action by its name: typed, chosen with the arrow keys, done with Enter. */
export function CommandPalette() {
  const t = useT();
  const asked = useOverlay(({ open }) => open === 'commands');
  const [query, setQuery] = useState('');
  useEffect(() => {
    if (asked) spotlight.open();
    else spotlight.close();
  }, [asked]);
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      scrollable
      maxHeight={440}
      onSpotlightClose={closeOverlay}
      transitionProps={{ duration: 100 }}
    >
      <Spotlight.Search
        placeholder={t('What do you want to do?')}
        aria-label={t('Search commands')}
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>{asked && <Found query={query} />}</Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Found({ query }: { query: string }) {
  const t = useT();
  const actions = found(query, actionsNow());
  if (actions.length === 0) return <Spotlight.Empty>{t('No command is called that.')}</Spotlight.Empty>;
  const families = [...new Set(actions.map(({ family }) => family))];
  return families.map((family) => (
    <Spotlight.ActionsGroup key={family} label={t(familyTitles[family])}>
      {actions
        .filter((action) => action.family === family)
        .map((action) => (
          <Command key={action.id} action={action} />
        ))}
    </Spotlight.ActionsGroup>
  ));
}

function Command({ action }: { action: Action }) {
  const why = action.disabled?.() ?? null;
  const key = action.keys?.[0];
  return (
    <Spotlight.Action
      aria-disabled={why !== null}
      data-command={action.id}
      className={classes.command}
      closeSpotlightOnTrigger={why === null}
      // After the palette has given the focus back, so that what the action opens can take it.
      onClick={() => why === null && setTimeout(action.run)}
    >
      <div className={classes.label}>
        <span>{titleNow(action)}</span>
        {why !== null && (
          <Text component="span" size="xs" c="dimmed">
            {why}
          </Text>
        )}
      </div>
      {key && <kbd className={classes.key}>{shown(key)}</kbd>}
    </Spotlight.Action>
  );
}
