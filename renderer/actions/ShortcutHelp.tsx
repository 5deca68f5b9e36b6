import { Modal, Text } from '@mantine/core';
import { useT } from '../i18n/t.ts';
import { closeOverlay, useOverlay } from '../stores/overlay.ts';
import { familyTitles, titleOf } from './action.ts';
import classes from './actions.module.css';
import { shown } from './keys.ts';
import { actions, shortcutOf } from './registry.ts';

/** Every action that has a shortcut. */
export function ShortcutHelp() {
  const t = useT();
  const opened = useOverlay(({ open }) => open === 'shortcuts');
  const withKeys = actions.filter(({ keys }) => keys !== undefined);
  const families = [...new Set(withKeys.map(({ family }) => family))];
  return (
    <Modal
      opened={opened}
      onClose={closeOverlay}
      title={t('Keyboard shortcuts')}
      size="xl"
      centered
      styles={{ title: { fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': t('Close') }}
      transitionProps={{ duration: 120 }}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t(
          'Tab goes from card to card, Enter selects. Every action, also those without a key, is found with {{shortcut}}.',
          { shortcut: shortcutOf('commands') },
        )}
      </Text>
      <div className={classes.shortcuts}>
        {families.map((family) => (
          <section key={family} className={classes.group} aria-label={t(familyTitles[family])}>
            <h3>{t(familyTitles[family])}</h3>
            <dl>
              {withKeys
                .filter((action) => action.family === family)
                .map((action) => (
                  <div key={action.id}>
                    <dt>{titleOf(action)}</dt>
                    <dd>
                      {action.keys?.map((key) => (
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
