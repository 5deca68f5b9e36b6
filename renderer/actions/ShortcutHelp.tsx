import { Modal, Text } from '@mantine/core';
import { closeOverlay, useOverlay } from '../stores/overlay.ts';
import classes from './actions.module.css';
import { shown } from './keys.ts';
import { actions, shortcutOf } from './registry.ts';

/** Every action that has a shortcut. */
export function ShortcutHelp() {
  const opened = useOverlay(({ open }) => open === 'shortcuts');
  const withKeys = actions.filter(({ keys }) => keys !== undefined);
  const families = [...new Set(withKeys.map(({ family }) => family))];
  return (
    <Modal
      opened={opened}
      onClose={closeOverlay}
      title="Keyboard shortcuts"
      size="xl"
      centered
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 120 }}
    >
      <Text size="sm" c="dimmed" mb="md">
        Tab goes from card to card, Enter selects. Every action, also those without a key, is found with{' '}
        {shortcutOf('commands')}.
      </Text>
      <div className={classes.shortcuts}>
        {families.map((family) => (
          <section key={family} className={classes.group} aria-label={family}>
            <h3>{family}</h3>
            <dl>
              {withKeys
                .filter((action) => action.family === family)
                .map(({ id, title, keys = [] }) => (
                  <div key={id}>
                    <dt>{title}</dt>
                    <dd>
                      {keys.map((key) => (
                        <kbd key={key} className={classes.key}>
                          {shown(key)}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
