/** Path reserved on every HTTP node for the engine's readiness and liveness checks. Alone here, so that a spawned process need not load schemas. */
export const HEALTH_PATH = '/-/health';
