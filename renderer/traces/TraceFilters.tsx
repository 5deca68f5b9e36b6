import { Checkbox, Group, NumberInput, Pill, Select } from '@mantine/core';
import type { TraceFilter, TraceList } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { reasonAt } from './reason-text.ts';
import { TracingSettingsButton } from './TracingSettingsButton.tsx';

/** Which traces are listed, and how they are made. */
export function TraceFilters({
  filter,
  list,
  onChange,
  onConfigured,
}: {
  filter: TraceFilter;
  list: TraceList | null;
  onChange: (filter: TraceFilter) => void;
  onConfigured: () => void;
}) {
  const t = useT();
  return (
    <Group gap={8} wrap="nowrap">
      <Checkbox
        size="xs"
        label={t('Failed')}
        checked={filter.failed ?? false}
        onChange={({ currentTarget }) => onChange({ ...filter, failed: currentTarget.checked || undefined })}
      />
      <Select
        size="xs"
        w={170}
        aria-label={t('Request')}
        placeholder={t('All requests')}
        clearable
        searchable
        data={list?.names ?? []}
        value={filter.name ?? null}
        onChange={(name) => onChange({ ...filter, name: name ?? undefined })}
      />
      <NumberInput
        size="xs"
        w={110}
        aria-label={t('Slower than')}
        placeholder={t('Slower than')}
        suffix=" ms"
        min={0}
        hideControls
        value={filter.minDurationMs ?? ''}
        onChange={(value) => onChange({ ...filter, minDurationMs: typeof value === 'number' ? value : undefined })}
      />
      {filter.reason !== undefined && (
        <Pill
          size="sm"
          withRemoveButton
          removeButtonProps={{ 'aria-label': t('Show traces of all reasons') }}
          onRemove={() => onChange({ ...filter, reason: undefined, hop: undefined })}
        >
          {reasonAt(filter.reason, filter.hop)}
        </Pill>
      )}
      {list && <TracingSettingsButton status={list.status} onConfigured={onConfigured} />}
    </Group>
  );
}
