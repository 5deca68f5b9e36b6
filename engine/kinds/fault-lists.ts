/** Faults that the operating system lets us put on any process that we started. */
export const everyProcess = ['kill', 'pause', 'slow-start', 'failed-start', 'port-occupied'] as const;

/** What only a program of ours can do to itself. */
export const insideOurs = [
  'cpu-burn',
  'event-loop-block',
  'gc-churn',
  'memory-leak',
  'memory-ballast',
  'heap-limit',
  'clock-skew',
] as const;

/** Faults inside a program of ours. */
export const ourProgram = [...everyProcess, ...insideOurs] as const;

/** Faults of programs that call others. */
export const callingProgram = [...ourProgram, 'discovery-error', 'discovery-stale'] as const;

/** Faults of programs that run handlers. */
const handlerProgram = [...callingProgram, 'bad-deploy', 'handler-error'] as const;

/** Faults of programs that send traffic. */
export const trafficProgram = [
  ...callingProgram,
  'spike',
  'retry-storm',
  'thundering-herd',
  'hot-key-traffic',
  'big-payload',
  'slow-loris',
  'malformed',
] as const;

/** Faults of programs that consume. */
const consumingProgram = ['consumer-crash-before-ack', 'slow-consumer', 'duplicate'] as const;

/** Faults of programs that publish and consume. */
const messagingProgram = [...consumingProgram, 'reorder', 'drop', 'poison', 'confirm-lost'] as const;

/** Faults of functions. On their platform, which consumes for them: environments come and go by themselves. */
export const functionProgram = [
  ...everyProcess,
  ...consumingProgram,
  'cold-start',
  'slow-init',
  'init-crash',
  'function-timeout',
  'throttle',
  'environment-recycle',
] as const;

/** Faults of functions whose environments take many requests at once. */
export const webFunctionProgram = [...everyProcess, 'cold-start', 'environment-recycle'] as const;

/** … and that have a limit of their number. */
export const nextFunctionProgram = [...webFunctionProgram, 'throttle'] as const;

/** Of kinds whose replicas may be counted by load. */
export const scaledProgram = [...handlerProgram, ...messagingProgram, 'autoscaler-stuck'] as const;
