import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { chooseLanguage, languageChoices, useLanguage } from '../i18n/language.ts';
import { useT } from '../i18n/t.ts';

/** The language of the window: that of the system, or another. */
export function LanguageMenu() {
  const t = useT();
  const chosen = useLanguage(({ choice }) => choice);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Tooltip label={t('Language')}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('Language')}>
            <IconLanguage size={18} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {languageChoices.map(({ choice, title }) => (
          <Menu.Item
            key={choice ?? 'system'}
            lang={choice ?? undefined}
            aria-current={choice === chosen}
            rightSection={choice === chosen ? <IconCheck size={14} aria-hidden /> : null}
            onClick={() => void chooseLanguage(choice)}
          >
            {title()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
