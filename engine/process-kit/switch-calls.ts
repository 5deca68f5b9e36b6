/**
 * The two calls that switch a fault of a program on and off, as refusing-writes.ts asks for them: `NAME` and `end-NAME`.
 * Either may come twice; `set` hears each time what is to be the case from then on.
 */
export const switchCalls = (name: string, set: (isOn: boolean) => void): Record<string, () => void> => ({
  [name]: () => set(true),
  [`end-${name}`]: () => set(false),
});
