import { Checkbox, Group, NumberInput, Pill, Select } from '@mantine/core';
import type { TraceFilter, TraceList } from '../../engine/api/types.ts';
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
  return (
    <Group gap={8} wrap="nowrap">
      <Checkbox
        size="xs"
        label="Failed"
        checked={filter.failed ?? false}
        onChange={({ currentTarget }) => onChange({ ...filter, failed: currentTarget.checked || undefined })}
      />
      <Select
        size="xs"
        w={170}
        aria-label="Request"
        placeholder="All requests"
        clearable
        searchable
        data={list?.names ?? []}
        value={filter.name ?? null}
        onChange={(name) => onChange({ ...filter, name: name ?? undefined })}
      />
      <NumberInput
        size="xs"
        w={110}
        aria-label="Slower than"
        placeholder="Slower than"
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
          removeButtonProps={{ 'aria-label': 'Show traces of all reasons' }}
          onRemove={() => onChange({ ...filter, reason: undefined, hop: undefined })}
        >
          {filter.reason}
          {filter.hop !== undefined && ` at ${filter.hop}`}
        </Pill>
      )}
      {list && <TracingSettingsButton status={list.status} onConfigured={onConfigured} />}
    </Group>
  );
}
