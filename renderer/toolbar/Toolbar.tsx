import { ActionIcon, Group, Menu, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconDots,
  IconFile,
  IconFilePlus,
  IconFolderOpen,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useDocument } from '../stores/document.ts';
import { fileName, useDirty, useFile } from '../stores/file.ts';
import { useReplaying } from '../stores/replay.ts';
import logo from '../ui/logo.svg';
import { ConnectionMark } from './ConnectionMark.tsx';
import { commands, shortcuts } from './commands.ts';
import { RunControls } from './RunControls.tsx';
import classes from './Toolbar.module.css';

export function Toolbar() {
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
        <SchemeSwitch />
      </div>
    </header>
  );
}

function DocumentTitle() {
  const name = useDocument(({ document }) => document.name);
  const path = useFile((state) => state.path);
  const dirty = useDirty();
  return (
    <div className={classes.title}>
      <span className={classes.name} title={path ?? 'not saved yet'}>
        {name || 'Untitled'}
      </span>
      <span className={classes.file} data-testid="file-state" data-dirty={dirty}>
        {path === null ? 'no file' : fileName(path)}
        {dirty && <b className={classes.dirty}>● unsaved</b>}
      </span>
    </div>
  );
}

function FileMenu() {
  const item = (action: 'new' | 'open' | 'save' | 'save-as', label: string, icon: React.ReactNode) => (
    <Menu.Item
      leftSection={icon}
      rightSection={<kbd className={classes.key}>{shortcuts[action]}</kbd>}
      onClick={commands[action]}
    >
      {label}
    </Menu.Item>
  );
  return (
    <Group gap={2} wrap="nowrap">
      <Menu position="bottom-start" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="File menu">
            <IconFile size={19} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {item('new', 'New', <IconFilePlus size={16} />)}
          {item('open', 'Open…', <IconFolderOpen size={16} />)}
          <Menu.Divider />
          {item('save', 'Save', <IconDeviceFloppy size={16} />)}
          {item('save-as', 'Save as…', <IconDots size={16} />)}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label={`Save (${shortcuts.save})`}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Save" onClick={commands.save}>
          <IconDeviceFloppy size={19} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function History() {
  const past = useStore(useDocument.temporal, ({ pastStates }) => pastStates.length > 0);
  const future = useStore(useDocument.temporal, ({ futureStates }) => futureStates.length > 0);
  const undone = useDocument(({ edited }) => edited);
  const redone = useStore(useDocument.temporal, ({ futureStates }) => futureStates.at(-1)?.edited ?? null);
  return (
    <Group gap={2} wrap="nowrap">
      <Tooltip label={named('Undo', past ? undone : null, shortcuts.undo)}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Undo" disabled={!past} onClick={commands.undo}>
          <IconArrowBackUp size={19} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={named('Redo', redone, shortcuts.redo)}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Redo"
          disabled={!future}
          onClick={commands.redo}
        >
          <IconArrowForwardUp size={19} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

const named = (what: string, edit: string | null, keys: string | undefined): string =>
  `${what}${edit ? `: ${edit}` : ''} (${keys})`;

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <Tooltip label={`Use ${other} colours`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Use ${other} colours`}
        onClick={() => setColorScheme(other)}
      >
        {scheme === 'light' ? <IconMoon size={18} /> : <IconSun size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
