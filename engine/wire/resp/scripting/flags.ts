const flagNames: readonly string[] = ['no-writes', 'allow-oom', 'allow-stale', 'no-cluster', 'allow-cross-slot-keys'];

/** Whether a script or a function may say this of itself. */
export const isFlag = (name: string): boolean => flagNames.includes(name);

/** What its flags mean for a script or a function. */
export const permissionsOf = (flags: readonly string[]): { readOnly: boolean; allowOom: boolean } => ({
  readOnly: flags.includes('no-writes'),
  allowOom: flags.includes('allow-oom') || flags.includes('no-writes'),
});
