import { ShardedMap } from './sharded-map.ts';

/** What a field costs in V8 besides its bytes. */
const FIELD_BYTES = 80;

export class HashValue {
  readonly type = 'hash';
  bytes = 0;
  readonly fields = new ShardedMap<string>();

  get size(): number {
    return this.fields.size;
  }

  get(field: string): string | undefined {
    return this.fields.get(field);
  }

  /** Whether the field is new. */
  set(field: string, value: string): boolean {
    const old = this.fields.get(field);
    this.fields.set(field, value);
    this.bytes += old === undefined ? FIELD_BYTES + field.length + value.length : value.length - old.length;
    return old === undefined;
  }

  delete(field: string): boolean {
    const old = this.fields.get(field);
    if (old === undefined) return false;
    this.fields.delete(field);
    this.bytes -= FIELD_BYTES + field.length + old.length;
    return true;
  }
}
