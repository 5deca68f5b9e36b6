import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { Destination } from '../../engine/model/broker.ts';
import { useT } from '../i18n/t.ts';
import { changeMessage, type MessageDraft } from './request-store.ts';

/** Where a message goes to, and what of it an exchange or its consumer reads. */
export function MessageFields({
  message: { to, key, routingKey, parameters },
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
        onChange={(event) => changeMessage({ to: event.currentTarget.value })}
      />
      <TextInput
        size="xs"
        label={t('Message key')}
        spellCheck={false}
        value={key}
        onChange={(event) => changeMessage({ key: event.currentTarget.value })}
      />
      {takesRouting(destinations, to) && (
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
    </>
  );
}

/** Whether routing key and headers are read there: of an exchange. */
export const takesRouting = (destinations: readonly Destination[], to: string): boolean =>
  destinations.find(({ name }) => name === to)?.takes.includes('routing') ?? false;
