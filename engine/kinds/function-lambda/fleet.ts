import { type Burst, createBurst } from './burst.ts';
import type { LambdaConfig } from './config.ts';
import type { Environment, InitFailure } from './environment.ts';

export type Initialization = 'on-demand' | 'provisioned-concurrency';

/** An environment of the fleet, with what is decided about it. */
export interface Member {
  readonly environment: Environment;
  readonly initialization: Initialization;
  /** Of the code and settings that it was started with. */
  readonly revision: number;
  /** How INIT went; null: well. */
  readonly ready: Promise<InitFailure | null>;
  idleTimer: NodeJS.Timeout | undefined;
}

/** An environment for one invocation. */
export interface Granted {
  member: Member;
  /** It was started for this invocation. */
  isCold: boolean;
}

/** All environments of a function: which are idle, which may be started, which must go. */
export interface Fleet {
  /** The limit that is in the way, where there is one. `cold`: a warm environment is ended, and a new one takes its place. */
  grant(options?: { cold?: boolean }): Granted | 'reserved-concurrency' | 'burst-limit';
  /** The invocation is over. Its environment waits for another one, unless it is not to be used again. */
  release(member: Member, isUsable: boolean): void;
  /** Environments of before are not used for new invocations any more. */
  renew(config: LambdaConfig): void;
  /** Changes limits; environments stay. */
  configure(config: LambdaConfig): void;
  members(): readonly Member[];
  /** Invocations in hand. */
  readonly concurrency: number;
  /** Ends all, and starts no more. Resolves when no process is left. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  config: LambdaConfig;
  /** A new environment, and its INIT under way. */
  start(initialization: Initialization): Pick<Member, 'environment' | 'ready'>;
  /** INIT has ended, whoever waits for it. */
  onInit(member: Member, failure: InitFailure | null): void;
}

/** After a failed INIT, so long until the next attempt to provision one. */
const PROVISION_AGAIN_MS = 1000;

export function createFleet(options: FleetOptions): Fleet {
  let { config } = options;
  let revision = 0;
  let concurrency = 0;
  let isStopped = false;
  let provisioning: NodeJS.Timeout | undefined;
  const burst: Burst = createBurst(config.burstLimit);
  const members = new Set<Member>();
  /** Who was used last is used first, so that the others may end. */
  const idle: Member[] = [];

  const begin = (initialization: Initialization): Member => {
    const started = options.start(initialization);
    const member: Member = { ...started, initialization, revision, idleTimer: undefined };
    members.add(member);
    void member.ready.then((failure) => {
      options.onInit(member, failure);
      void member.environment.gone.then(() => forget(member));
    });
    return member;
  };

  const forget = (member: Member): void => {
    members.delete(member);
    leaveIdle(member);
    provision();
  };

  const leaveIdle = (member: Member): void => {
    clearTimeout(member.idleTimer);
    const place = idle.indexOf(member);
    if (place >= 0) idle.splice(place, 1);
  };

  const end = (member: Member): void => {
    leaveIdle(member);
    void member.environment.shutDown();
  };

  const isCurrent = (member: Member): boolean => member.revision === revision;

  const isProvisioned = ({ initialization }: Member): boolean => initialization === 'provisioned-concurrency';

  /** Those that are kept, or will be. */
  const provisioned = (): number =>
    [...members].filter(
      (member) =>
        isProvisioned(member) &&
        isCurrent(member) &&
        member.environment.state !== 'ending' &&
        member.environment.state !== 'gone',
    ).length;

  const isSurplus = (member: Member): boolean => isProvisioned(member) && provisioned() > config.provisionedConcurrency;

  /** Those that cost anyhow come first; of the others, the one that was used last. */
  const takeIdle = (): Member | undefined => {
    const at = config.provisionedConcurrency > 0 ? idle.findLastIndex(isProvisioned) : -1;
    return at >= 0 ? idle.splice(at, 1)[0] : idle.pop();
  };

  const becomeIdle = (member: Member): void => {
    if (isStopped || !isCurrent(member) || isSurplus(member)) {
      end(member);
      return;
    }
    idle.push(member);
    if (!isProvisioned(member)) member.idleTimer = setTimeout(() => end(member), config.idleTimeoutMs);
  };

  /** Starts as many as are to be kept. */
  const provision = (): void => {
    if (isStopped || provisioning) return;
    for (let missing = config.provisionedConcurrency - provisioned(); missing > 0; missing -= 1) {
      const member = begin('provisioned-concurrency');
      void member.ready.then((failure) => {
        if (failure === null) becomeIdle(member);
        else if (!isStopped)
          provisioning = setTimeout(() => {
            provisioning = undefined;
            provision();
          }, PROVISION_AGAIN_MS);
      });
    }
  };

  provision();

  return {
    grant({ cold = false } = {}) {
      if (concurrency >= config.reservedConcurrency) return 'reserved-concurrency';
      const warm = takeIdle();
      if (warm && cold) end(warm);
      else if (warm) {
        clearTimeout(warm.idleTimer);
        concurrency += 1;
        return { member: warm, isCold: false };
      }
      if (!burst.take()) return 'burst-limit';
      concurrency += 1;
      return { member: begin('on-demand'), isCold: true };
    },
    release(member, isUsable) {
      concurrency -= 1;
      if (isUsable) becomeIdle(member);
    },
    renew(changed) {
      revision += 1;
      config = changed;
      burst.configure(config.burstLimit);
      for (const member of [...idle]) end(member);
      provision();
    },
    configure(changed) {
      config = changed;
      burst.configure(config.burstLimit);
      for (const member of [...idle])
        if (isSurplus(member)) end(member);
        else if (!isProvisioned(member)) {
          clearTimeout(member.idleTimer);
          member.idleTimer = setTimeout(() => end(member), config.idleTimeoutMs);
        }
      provision();
    },
    members: () => [...members],
    get concurrency() {
      return concurrency;
    },
    async stop() {
      isStopped = true;
      clearTimeout(provisioning);
      await Promise.all(
        [...members].map(async (member) => {
          leaveIdle(member);
          if (member.environment.state === 'starting') member.environment.kill();
          await member.ready;
          await member.environment.shutDown();
        }),
      );
    },
  };
}
