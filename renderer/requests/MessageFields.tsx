import { Group, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import type { Destination, PublishOption } from '../../engine/model/broker.ts';
import { key, useT } from '../i18n/t.ts';
import { changeMessage, type MessageDraft } from './request-store.ts';

const numbers = [
  { field: 'priority', option: 'priority', label: key('Priority'), min: 1, max: 1000 },
  { field: 'delayMs', option: 'delay', label: key('Delay (ms)'), min: 0, max: 86_400_000 },
  { field: 'ttlMs', option: null, label: key('Time to live (ms)'), min: 1, max: 86_400_000 },
] as const;

/** Where a message goes to, and what of it an exchange or its consumer reads. */
export function MessageFields({
  message: { to, key: messageKey, routingKey, parameters, ...message },
  destinations,
}: {
  message: MessageDraft;
  destinations: readonly Destination[];
}) {
  const t = useT();
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('To')}
        data={destinations.map(({ name }) => name)}
        value={to}
        onChange={({ currentTarget: { value } }) => changeMessage({ to: value, ...unknownTo(destinations, value) })}
      />
      <TextInput
        size="xs"
        label={t('Message key')}
        spellCheck={false}
        value={messageKey}
        onChange={(event) => changeMessage({ key: event.currentTarget.value })}
      />
      {takes(destinations, to, 'routing') && (
        <TextInput
          size="xs"
          label={t('Routing key')}
          placeholder={t('the key of the message')}
          spellCheck={false}
          value={routingKey}
          onChange={(event) => changeMessage({ routingKey: event.currentTarget.value })}
        />
      )}
      <Textarea
        size="xs"
        label={t('Parameters')}
        description={t('For the templates in the steps of its consumer.')}
        placeholder={t('name: value')}
        autosize
        minRows={1}
        maxRows={4}
        spellCheck={false}
        value={parameters}
        onChange={(event) => changeMessage({ parameters: event.currentTarget.value })}
      />
      <Group gap={6} grow wrap="nowrap" align="flex-end">
        {numbers
          .filter(({ option }) => option === null || takes(destinations, to, option))
          .map(({ field, label, min, max }) => (
            <NumberInput
              key={field}
              size="xs"
              label={t(label)}
              placeholder={t('none')}
              allowDecimal={false}
              min={min}
              max={max}
              value={message[field] ?? ''}
              onChange={(value) => changeMessage({ [field]: typeof value === 'number' ? value : null })}
            />
          ))}
      </Group>
    </>
  );
}

/** What a message may not ask for there any more. */
const unknownTo = (destinations: readonly Destination[], to: string): Partial<MessageDraft> => ({
  ...(!takes(destinations, to, 'priority') && { priority: null }),
  ...(!takes(destinations, to, 'delay') && { delayMs: null }),
});

/** Whether a message may ask for it there. */
export const takes = (destinations: readonly Destination[], to: string, option: PublishOption): boolean =>
  destinations.find(({ name }) => name === to)?.takes.includes(option) ?? false;
