import { Button, Group, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type RewindTo, rewindToSchema } from '../../engine/model/rewind.ts';
import { engine } from '../engine-client/client.ts';
import { type ShownError, shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import classes from './messages.module.css';

/** Sets a group of a log back by hand. That cannot be taken back, and says so. */
export function RewindForm(props: { broker: string; destination: string; groups: readonly string[]; onDone(): void }) {
  const { broker, destination, groups, onDone } = props;
  const t = useT();
  const [group, setGroup] = useState(groups[0] ?? null);
  const [type, setType] = useState<RewindTo['type']>('earliest');
  const [seconds, setSeconds] = useState<number | string>(10);
  const [offset, setOffset] = useState('0');
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ messages: number } | { error: ShownError } | null>(null);
  const asked = rewindToSchema.safeParse(
    type === 'earliest' ? { type } : type === 'time' ? { type, agoMs: Number(seconds) * 1000 } : { type, offset },
  );

  const setBack = async (from: RewindTo): Promise<void> => {
    if (group === null) return;
    setBusy(true);
    try {
      setOutcome({ messages: await engine.messages.rewind.mutate({ node: broker, destination, group, from }) });
      onDone();
    } catch (error) {
      setOutcome({ error: shownError(error) });
    } finally {
      setBusy(false);
    }
  };

  return (
    <fieldset className={classes.rewind} aria-label={t('Set a group back')}>
      <Group gap="xs" align="flex-end">
        <Select
          size="xs"
          label={t('Group')}
          data={[...groups]}
          value={group}
          placeholder={t('No group reads it')}
          onChange={setGroup}
        />
        <Select
          size="xs"
          label={t('Back to')}
          data={[
            { value: 'earliest', label: t('The first message') },
            { value: 'time', label: t('A time') },
            { value: 'offset', label: t('An offset') },
          ]}
          value={type}
          allowDeselect={false}
          onChange={(next) => setType((next ?? type) as RewindTo['type'])}
        />
        {type === 'time' && (
          <NumberInput
            size="xs"
            w={110}
            label={t('Seconds before now')}
            min={0}
            max={604_800}
            value={seconds}
            onChange={setSeconds}
          />
        )}
        {type === 'offset' && (
          <TextInput
            size="xs"
            w={170}
            label={t('Offset')}
            value={offset}
            error={!asked.success}
            onChange={(event) => setOffset(event.currentTarget.value)}
          />
        )}
        <Button
          size="xs"
          color="orange"
          disabled={group === null || !asked.success}
          loading={isBusy}
          onClick={() => asked.success && void setBack(asked.data)}
        >
          {t('Set back')}
        </Button>
      </Group>
      <Text size="xs">
        {t(
          'The group handles again what comes again, which counts as replayed. This cannot be undone. Kafka refuses while the group has members: scale its consumers to 0 first.',
        )}
      </Text>
      {outcome && 'error' in outcome && (
        <Text size="xs" c="red" role="alert">
          {said(outcome.error.message)} {said(outcome.error.nextStep)}
        </Text>
      )}
      {outcome && 'messages' in outcome && (
        <Text size="xs" role="status">
          {outcome.messages === 0
            ? t('Nothing comes again: the group has read nothing behind that.')
            : t('{{count}} messages come again.', { count: outcome.messages })}
        </Text>
      )}
    </fieldset>
  );
}
