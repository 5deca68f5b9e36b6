import { type Reply, Status } from '../../wire/resp/reply.ts';

/** Runs a command on a server. Rejects with its error reply. */
export type Execute = (...command: string[]) => Promise<Reply>;

/** The fields of INFO as numbers; those that are none are left out. */
export async function readInfo(execute: Execute): Promise<Record<string, number>> {
  const reply = await execute('INFO');
  const text = reply instanceof Status ? reply.text : String(reply);
  const fields: Record<string, number> = { keys: 0 };
  for (const line of text.split('\r\n')) {
    const [name = '', value = ''] = line.split(':', 2);
    const keys = /^db\d+$/.test(name) && /^keys=(\d+)/.exec(value)?.[1];
    if (keys) fields.keys = (fields.keys as number) + Number(keys);
    else if (value !== '' && Number.isFinite(Number(value))) fields[name] = Number(value);
  }
  return fields;
}
