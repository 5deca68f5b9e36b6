import { Button, Group, Loader, Select, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { QueueStatus } from '../../engine/api/types.ts';
import { type MessageState, messageStates } from '../../engine/model/peek.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { destinationsOf } from '../requests/targets.ts';
import { useDocument } from '../stores/document.ts';
import { MessageDetail } from './MessageDetail.tsx';
import { MessageRows } from './MessageRows.tsx';
import classes from './messages.module.css';
import { RewindForm } from './RewindForm.tsx';
import { stateTitles } from './state-titles.ts';
import { useMessages } from './use-messages.ts';

/** What lies in the queues, streams and topics of a broker: a list, and one of it in full. Nothing is taken by that. */
export function MessageBrowser(props: { broker: string; queues: readonly QueueStatus[]; onLeave(): void }) {
  const { broker, queues, onLeave } = props;
  const t = useT();
  const document = useDocument((state) => state.document);
  const destinations = destinationsOf(document, broker);
  const [chosen, setChosen] = useState(destinations[0]?.name ?? '');
  const [order, setOrder] = useState<'oldest' | 'newest'>('oldest');
  const [state, setState] = useState<MessageState | null>(null);
  /** Where this page begins, and those before it. */
  const [pages, setPages] = useState<readonly (string | null)[]>([null]);
  const [place, setPlace] = useState<string | null>(null);
  const [rewinding, setRewinding] = useState(false);
  const { page, error, atMs, isLoading, refresh } = useMessages({
    ...{ node: broker, destination: chosen, order, state, cursor: pages.at(-1) ?? null },
  });
  const message = page?.messages.find((one) => one.place === place) ?? page?.messages[0];
  const fromTheStart = (): void => {
    setPages([null]);
    setPlace(null);
  };
  const isLog = destinations.find(({ name }) => name === chosen)?.pattern === 'log';
  const groups = queues.flatMap(({ destination, subscription }) => (destination === chosen ? [subscription] : []));

  return (
    <div className={classes.browser}>
      <Group gap="xs" align="flex-end">
        <Select
          size="xs"
          label={t('Queue, stream or topic')}
          data={destinations.map(({ name }) => name)}
          value={chosen}
          allowDeselect={false}
          data-autofocus
          onChange={(next) => {
            setChosen(next ?? chosen);
            setState(null);
            setRewinding(false);
            fromTheStart();
          }}
        />
        <Select
          size="xs"
          w={150}
          label={t('Order')}
          data={[
            { value: 'oldest', label: t('Oldest first') },
            { value: 'newest', label: t('Newest first') },
          ]}
          value={order}
          allowDeselect={false}
          onChange={(next) => {
            setOrder(next === 'newest' ? 'newest' : 'oldest');
            fromTheStart();
          }}
        />
        {page && page.states.length > 0 && (
          <Select
            size="xs"
            label={t('State')}
            data={[
              { value: 'all', label: t('All states') },
              ...page.states.map((one) => ({
                value: one.state,
                label: t('{{name}}: {{value}}', { name: t(stateTitles[one.state]), value: one.messages }),
              })),
            ]}
            value={state ?? 'all'}
            allowDeselect={false}
            onChange={(next) => {
              setState(messageStates.find((one) => one === next) ?? null);
              fromTheStart();
            }}
          />
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={isLoading ? <Loader size={12} /> : <IconRefresh size={14} />}
          onClick={refresh}
        >
          {t('Refresh')}
        </Button>
        {isLog && (
          <Button size="xs" variant="default" aria-expanded={rewinding} onClick={() => setRewinding(!rewinding)}>
            {t('Set a group back…')}
          </Button>
        )}
      </Group>
      {isLog && rewinding && (
        <RewindForm key={chosen} broker={broker} destination={chosen} groups={groups} onDone={refresh} />
      )}
      {error && (
        <div role="alert" data-testid="messages-error">
          <Text size="sm" c="red">
            {said(error.message)}
          </Text>
          <Text size="xs">{said(error.nextStep)}</Text>
        </div>
      )}
      {page?.unseen && (
        <Text size="sm" data-testid="messages-unseen">
          {said(page.unseen)}
        </Text>
      )}
      {page && !page.unseen && page.messages.length === 0 && (
        <Text size="sm" c="dimmed" data-testid="messages-empty">
          {state === null ? t('No message lies here now.') : t('No message is in this state now.')}
        </Text>
      )}
      {page && message && (
        <div className={classes.columns}>
          <MessageRows messages={page.messages} chosen={message.place} onChoose={setPlace} />
          <MessageDetail key={message.place} message={message} atMs={atMs} onLeave={onLeave} />
        </div>
      )}
      {page && (pages.length > 1 || page.next !== null) && (
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            disabled={pages.length === 1}
            onClick={() => {
              setPages(pages.slice(0, -1));
              setPlace(null);
            }}
          >
            {t('Page before')}
          </Button>
          <Text size="xs">{t('Page {{number}}', { number: pages.length })}</Text>
          <Button
            size="compact-xs"
            variant="default"
            disabled={page.next === null}
            onClick={() => {
              setPages([...pages, page.next]);
              setPlace(null);
            }}
          >
            {t('Next page')}
          </Button>
        </Group>
      )}
      <Text size="xs" c="dimmed">
        {t('As of when it was asked for. Looking takes nothing out and counts for nothing.')}
      </Text>
    </div>
  );
}
