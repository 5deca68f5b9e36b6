/** How a fault wants the INIT of a new environment to go. */
export interface HookedInit {
  /** So much longer. */
  delayMs?: number;
  /** Its process ends in it. */
  crashes?: boolean;
}

/** What a fault wants to become of an invocation that an environment works on. */
export interface HookedInvocation {
  /** Its answer never comes. */
  hangs?: boolean;
  /** Its environment is killed after this time. */
  killAfterMs?: number;
}

/** Places where faults step into the platform of a function. */
export interface FunctionHooks {
  /** Before an invocation gets an environment: a new one in place of a warm one, or none. */
  grant: Set<() => 'cold' | 'throttled' | null>;
  init: Set<() => HookedInit | null>;
  invocation: Set<() => HookedInvocation | null>;
  /** The environments that there are take no new invocations any more. Null in other programs. */
  renew: (() => void) | null;
}

export const functionHooks: FunctionHooks = { grant: new Set(), init: new Set(), invocation: new Set(), renew: null };
