import { Anchor, Code, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { showOnCanvas } from '../canvas/show-on-canvas.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { placeOf, useProblems } from '../stores/problems.ts';
import { select, useSession } from '../stores/session.ts';

/** Everything that is wrong with the document, each with its place and the next step. */
export function ProblemsPanel() {
  const t = useT();
  const errors = useProblems((state) => state.errors);
  const document = useDocument((state) => state.document);
  if (errors.length === 0)
    return (
      <Group gap={6}>
        <IconCircleCheck size={16} color="var(--state-ready)" aria-hidden />
        <Text size="sm">{t('No problems: this document can run.')}</Text>
      </Group>
    );

  const show = (path: string) => {
    const place = placeOf(path, document);
    if (place?.type === 'node') {
      select({ nodes: [place.id] });
      useSession.setState({ nodeTab: 'settings' });
      showOnCanvas([place.id]);
    } else if (place?.type === 'group') {
      select({ nodes: [place.id] });
      showOnCanvas([place.id]);
    } else if (place) {
      select({ edges: [place.id] });
      const edge = document.edges.find(({ id }) => id === place.id);
      if (edge) showOnCanvas([edge.source, edge.target]);
    } else {
      select({});
      useSession.setState({
        documentTab: path.startsWith('$.scenarios')
          ? 'traffic'
          : path.startsWith('$.experiments')
            ? 'experiments'
            : 'document',
      });
    }
  };

  return (
    <Stack gap={8} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {errors.map(({ path, message, nextStep }) => (
        <li key={`${path} ${message}`}>
          <Anchor component="button" type="button" size="sm" onClick={() => show(path)} ta="left">
            <Code fz={11}>{path}</Code> {said(message)}
          </Anchor>
          <Text size="xs" c="dimmed">
            {said(nextStep)}
          </Text>
        </li>
      ))}
    </Stack>
  );
}
