import { Menu } from '@mantine/core';
import { IconFileOff, IconHistory, IconTrash } from '@tabler/icons-react';
import { titleOf } from '../actions/action.ts';
import { action, perform } from '../actions/registry.ts';
import { openPath } from '../documents/file-actions.ts';
import { forgetRecent, useRecent } from '../documents/recent.ts';
import { useT } from '../i18n/t.ts';
import classes from './Toolbar.module.css';

/** Files that were opened last, within the file menu. One that is gone is taken off the list by a click. */
export function RecentFiles() {
  const t = useT();
  const files = useRecent((state) => state.files);
  return (
    <Menu.Sub>
      <Menu.Sub.Target>
        <Menu.Sub.Item leftSection={<IconHistory size={16} />} disabled={files.length === 0}>
          {t('Recent files')}
        </Menu.Sub.Item>
      </Menu.Sub.Target>
      <Menu.Sub.Dropdown className={classes.recent}>
        {files.map(({ path, name, missing }) => (
          <Menu.Item
            key={path}
            data-missing={missing}
            closeMenuOnClick={!missing}
            leftSection={missing && <IconFileOff size={16} aria-hidden />}
            onClick={() => (missing ? forgetRecent(path) : openPath(path))}
          >
            {name}
            <small>{missing ? t('Not at {{path}} any more. Click to take it off the list.', { path }) : path}</small>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={16} />} onClick={() => perform('clear-recent')}>
          {titleOf(action('clear-recent'))}
        </Menu.Item>
      </Menu.Sub.Dropdown>
    </Menu.Sub>
  );
}
