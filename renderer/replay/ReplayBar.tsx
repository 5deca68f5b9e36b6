import { ActionIcon, Button, NativeSelect, Tooltip } from '@mantine/core';
import {
  IconChevronLeftPipe,
  IconChevronRightPipe,
  IconHistory,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconX,
} from '@tabler/icons-react';
import i18next from 'i18next';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { inPlain } from '../i18n/number.ts';
import { useT } from '../i18n/t.ts';
import { useReplay } from '../stores/replay.ts';
import { formatSeconds } from '../ui/format.ts';
import { endOf, leaveReplay, markBeside, play, seek, speeds, startOf, step } from './player.ts';
import { ReplayMarks } from './ReplayMarks.tsx';
import classes from './replay.module.css';

/** Says that the past is shown, and moves in it. Absent while what is shown is live. */
export function ReplayBar() {
  const replay = useReplay((state) => state.replay);
  return replay && <Bar key={replay.id} />;
}

function Bar() {
  const t = useT();
  const { replay, atMs, playing, speed } = useReplay();
  const scrub = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState('');
  useEffect(() => scrub.current?.focus(), []);
  if (!replay) return null;
  const [fromMs, toMs] = [startOf(replay), endOf(replay)];

  const jump = (direction: 1 | -1) => {
    const mark = markBeside(direction);
    if (!mark) return setTold(direction === 1 ? t('Nothing more happened.') : t('Nothing happened before.'));
    play(false);
    seek(mark.fromMs);
    setTold(mark.label);
  };
  const onKey = (event: KeyboardEvent) => {
    const isButton = event.target instanceof HTMLButtonElement || event.target instanceof HTMLSelectElement;
    const act = isButton && event.key === ' ' ? undefined : keys.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(event.shiftKey);
  };
  const keys = new Map<string, (isBig: boolean) => void>([
    [' ', () => play(!playing)],
    ['ArrowLeft', (isBig) => step(isBig ? -10 : -1)],
    ['ArrowRight', (isBig) => step(isBig ? 10 : 1)],
    ['Home', () => seek(fromMs)],
    ['End', () => seek(toMs)],
    ['[', () => jump(-1)],
    [']', () => jump(1)],
    ['Escape', leaveReplay],
  ]);

  return (
    <section className={classes.bar} aria-label={t('Replay of a recorded run')} data-testid="replay" onKeyDown={onKey}>
      <strong className={classes.label}>
        <IconHistory size={15} aria-hidden /> {t('Replay, not live')}
      </strong>
      <span className={classes.name} title={replay.id}>
        {replay.name} · {new Date(replay.startedAtMs).toLocaleString(i18next.language)}
      </span>
      <div className={classes.buttons}>
        <Act label={t('What happened before ([)')} onClick={() => jump(-1)}>
          <IconChevronLeftPipe size={16} />
        </Act>
        <Act label={t('One sample back (Left)')} onClick={() => step(-1)}>
          <IconPlayerSkipBack size={15} />
        </Act>
        <Act label={playing ? t('Pause (Space)') : t('Play (Space)')} onClick={() => play(!playing)}>
          {playing ? <IconPlayerPauseFilled size={16} /> : <IconPlayerPlayFilled size={16} />}
        </Act>
        <Act label={t('One sample on (Right)')} onClick={() => step(1)}>
          <IconPlayerSkipForward size={15} />
        </Act>
        <Act label={t('What happened next (])')} onClick={() => jump(1)}>
          <IconChevronRightPipe size={16} />
        </Act>
      </div>
      <NativeSelect
        size="xs"
        w={76}
        aria-label={t('Speed')}
        value={String(speed)}
        onChange={(event) => useReplay.setState({ speed: Number(event.currentTarget.value) })}
        data={speeds.map((value) => ({ value: String(value), label: `${inPlain(value)}×` }))}
      />
      <div className={classes.track}>
        <ReplayMarks marks={replay.marks} fromMs={fromMs} toMs={toMs} />
        <input
          ref={scrub}
          type="range"
          className={classes.scrub}
          aria-label={t('Time in the run')}
          aria-valuetext={t('{{part}} of {{whole}}', {
            part: formatSeconds(atMs - replay.startedAtMs),
            whole: formatSeconds(toMs - replay.startedAtMs),
          })}
          min={fromMs}
          max={Math.max(toMs, fromMs + 1)}
          step={1}
          value={atMs}
          onChange={(event) => {
            play(false);
            seek(event.currentTarget.valueAsNumber);
          }}
        />
      </div>
      <time className={classes.time} data-testid="replay-time">
        +{formatSeconds(atMs - replay.startedAtMs)}
      </time>
      <Button size="compact-sm" variant="default" leftSection={<IconX size={14} />} onClick={leaveReplay}>
        {t('Leave')}
      </Button>
      <span className={classes.told} aria-live="polite" data-testid="replay-told">
        {told}
      </span>
    </section>
  );
}

function Act(props: { label: string; onClick(): void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon variant="subtle" color="gray" size="md" aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}
