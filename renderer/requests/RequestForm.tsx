import { Button, Group, NativeSelect, Text, Textarea, TextInput } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useRun } from '../stores/run.ts';
import { useSession } from '../stores/session.ts';
import { MessageFields, takes } from './MessageFields.tsx';
import { changeDraft, changeMessage, type Draft, emptyMessage, methods, send, useRequests } from './request-store.ts';
import classes from './requests.module.css';
import { destinationsAlong, edgesByHand, edgeTitle, pathsAlong } from './targets.ts';

export function RequestForm() {
  const t = useT();
  const draft = useRequests((state) => state.draft);
  const history = useRequests((state) => state.history);
  const document = useDocument((state) => state.document);
  const running = useRun(({ frame }) => frame?.topology === 'running');
  const edges = edgesByHand(document);
  const destinations = useMemo(() => destinationsAlong(document, draft.edge), [document, draft.edge]);
  const { message } = draft;
  const known = edges.some(({ id }) => id === draft.edge);
  const sending = history.some(({ answer, error }) => answer === null && error === null);
  const selected = useSession(({ selectedEdges }) => selectedEdges[0]);

  // An edge that is gone, or none yet: the one that is selected, or the first.
  useEffect(() => {
    const first = edges.find(({ id }) => id === selected) ?? edges[0];
    if (!known && first) changeDraft({ edge: first.id, path: pathsAlong(document, first.id)[0] ?? '/' });
  }, [known, edges, selected, document]);

  // An edge to a broker carries messages, to something that the broker has; any other a request.
  useEffect(() => {
    if (destinations === null) {
      if (message !== null) changeDraft({ message: null });
    } else if (message === null) changeDraft({ message: { ...emptyMessage, to: destinations[0]?.name ?? '' } });
    else if (destinations.length > 0 && !destinations.some(({ name }) => name === message.to))
      changeMessage({ to: destinations[0]?.name ?? '' });
  }, [destinations, message]);

  if (edges.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t(
          'No connection speaks HTTP or leads to a broker yet. Connect a client to a gateway, a server or a service to send it a request.',
        )}
      </Text>
    );
  return (
    <form
      className={classes.form}
      aria-label={message ? t('Message') : t('Request')}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Group gap={6} wrap="nowrap" justify="flex-end">
        {message === null && (
          <>
            <NativeSelect
              size="xs"
              aria-label={t('Method')}
              data={[...methods]}
              value={draft.method}
              onChange={(event) => changeDraft({ method: event.currentTarget.value as Draft['method'] })}
            />
            <TextInput
              size="xs"
              style={{ flex: 1 }}
              aria-label={t('Path')}
              list="request-paths"
              spellCheck={false}
              value={draft.path}
              onChange={(event) => changeDraft({ path: event.currentTarget.value })}
            />
            <datalist id="request-paths">
              {pathsAlong(document, draft.edge).map((path) => (
                <option key={path} value={path} />
              ))}
            </datalist>
          </>
        )}
        <Button
          size="xs"
          type="submit"
          leftSection={<IconSend size={13} />}
          loading={sending}
          disabled={!running || !known}
        >
          {message ? t('Publish') : t('Send')}
        </Button>
      </Group>
      <NativeSelect
        size="xs"
        label={t('Along')}
        data={edges.map(({ id }) => ({ value: id, label: edgeTitle(document, id) }))}
        value={draft.edge ?? ''}
        onChange={(event) => changeDraft({ edge: event.currentTarget.value, message: null })}
      />
      {!running && (
        <Text size="xs" c="dimmed">
          {t('Nothing runs. Press Run, then send.')}
        </Text>
      )}
      {message && <MessageFields message={message} destinations={destinations ?? []} />}
      {(message === null || takes(destinations ?? [], message.to, 'routing')) && (
        <Textarea
          size="xs"
          label={t('Headers')}
          placeholder={t('Name: value')}
          autosize
          minRows={1}
          maxRows={4}
          spellCheck={false}
          value={draft.headers}
          onChange={(event) => changeDraft({ headers: event.currentTarget.value })}
        />
      )}
      <Textarea
        size="xs"
        label={message ? t('Contents') : t('Body')}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        value={draft.body}
        onChange={(event) => changeDraft({ body: event.currentTarget.value })}
      />
    </form>
  );
}
