import { ActionIcon, Group, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCommand,
  IconDeviceFloppy,
  IconDots,
  IconFile,
  IconFilePlus,
  IconFolderOpen,
  IconLink,
  IconMoon,
  IconPhoto,
  IconSun,
  IconTemplate,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { titleNow, titleOf } from '../actions/action.ts';
import { action, perform, shortcutOf } from '../actions/registry.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { fileName, useDirty, useFile } from '../stores/file.ts';
import { useOverlay } from '../stores/overlay.ts';
import { useReplaying } from '../stores/replay.ts';
import logo from '../ui/logo.svg';
import { ConnectionMark } from './ConnectionMark.tsx';
import { LanguageMenu } from './LanguageMenu.tsx';
import { RecentFiles } from './RecentFiles.tsx';
import { RunControls } from './RunControls.tsx';
import classes from './Toolbar.module.css';

export function Toolbar() {
  const t = useT();
  const replaying = useReplaying();
  return (
    <header className={classes.toolbar}>
      <div className={classes.left}>
        <img src={logo} width={28} height={28} alt="Archipel" />
        <FileMenu />
        <DocumentTitle />
        {!replaying && <History />}
      </div>
      {replaying ? <span /> : <RunControls />}
      <div className={classes.right}>
        <ConnectionMark />
        <Tooltip label={t('Every command by its name ({{shortcut}})', { shortcut: shortcutOf('commands') })}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('Commands')}
            onClick={() => perform('commands')}
          >
            <IconCommand size={18} />
          </ActionIcon>
        </Tooltip>
        <LanguageMenu />
        <SchemeSwitch />
      </div>
    </header>
  );
}

function DocumentTitle() {
  const t = useT();
  const name = useDocument(({ document }) => document.name);
  const path = useFile((state) => state.path);
  const dirty = useDirty();
  return (
    <div className={classes.title}>
      <span className={classes.name} title={path ?? t('not saved yet')}>
        {name || t('Untitled')}
      </span>
      <span className={classes.file} data-testid="file-state" data-dirty={dirty}>
        {path === null ? t('no file') : fileName(path)}
        {dirty && <b className={classes.dirty}>{t('● unsaved')}</b>}
      </span>
    </div>
  );
}

function FileMenu() {
  const t = useT();
  const item = (id: string, icon: React.ReactNode) => (
    <Menu.Item
      leftSection={icon}
      rightSection={<kbd className={classes.key}>{shortcutOf(id)}</kbd>}
      onClick={() => perform(id)}
    >
      {titleOf(action(id))}
    </Menu.Item>
  );
  return (
    <Group gap={2} wrap="nowrap">
      <Menu position="bottom-start" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('File menu')}>
            <IconFile size={19} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {item('new', <IconFilePlus size={16} />)}
          {item('open', <IconFolderOpen size={16} />)}
          <RecentFiles />
          <Menu.Divider />
          {item('save', <IconDeviceFloppy size={16} />)}
          {item('save-as', <IconDots size={16} />)}
          <Menu.Divider />
          {item('templates', <IconTemplate size={16} />)}
          {item('save-template', <IconTemplate size={16} />)}
          <Menu.Divider />
          {item('share', <IconLink size={16} />)}
          {item('export-svg', <IconPhoto size={16} />)}
          {item('export-png', <IconPhoto size={16} />)}
          {item('export-mermaid', <IconPhoto size={16} />)}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={t('Save ({{shortcut}})', { shortcut: shortcutOf('save') })}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('Save')} onClick={() => perform('save')}>
          <IconDeviceFloppy size={19} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function History() {
  // What they would do changes with each edit.
  useDocument(({ edited }) => edited);
  useStore(useDocument.temporal, ({ pastStates, futureStates }) => `${pastStates.length} ${futureStates.length}`);
  return (
    <Group gap={2} wrap="nowrap">
      <HistoryButton id="undo" Icon={IconArrowBackUp} />
      <HistoryButton id="redo" Icon={IconArrowForwardUp} />
    </Group>
  );
}

function HistoryButton({ id, Icon }: { id: 'undo' | 'redo'; Icon: typeof IconArrowBackUp }) {
  const found = action(id);
  return (
    <Tooltip label={`${titleNow(found)} (${shortcutOf(id)})`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={titleOf(found)}
        disabled={(found.disabled?.() ?? null) !== null}
        onClick={() => perform(id)}
      >
        <Icon size={19} />
      </ActionIcon>
    </Tooltip>
  );
}

function SchemeSwitch() {
  const t = useT();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'light' ? 'dark' : 'light';
  const label = other === 'dark' ? t('Use dark colours') : t('Use light colours');
  const asked = useOverlay(({ schemeAsked }) => schemeAsked);
  const answered = useRef(asked);
  useEffect(() => {
    if (answered.current === asked) return;
    answered.current = asked;
    setColorScheme(other);
  }, [asked, other, setColorScheme]);
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={() => setColorScheme(other)}>
        {scheme === 'light' ? <IconMoon size={18} /> : <IconSun size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
