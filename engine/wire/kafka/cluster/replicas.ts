import { join } from 'node:path';
import { type DiskDrill, Log } from '../log/log.ts';
import type { ErrorName } from '../protocol/errors.ts';
import type { Uuid } from '../protocol/values.ts';
import { Follower } from '../replication/follower.ts';
import { Replica, type Traffic } from '../replication/replica.ts';
import type { Controller } from './controller.ts';
import type { TopicMetadata } from './metadata.ts';
import { logSettingsOf } from './topic-config.ts';

/** The replicas that lie on one broker. */
export class Replicas {
  readonly #brokerId: number;
  readonly #directory: string | null;
  readonly #controller: Controller;
  readonly #now: () => number;
  readonly #disk: DiskDrill;
  readonly #leaderOf: (replica: Replica) => Replica | null;
  readonly #isPaused: () => boolean;
  readonly #trafficOf: (topic: TopicMetadata, index: number) => Traffic;
  readonly #led: (replica: Replica) => void;
  readonly #unled: (replica: Replica) => void;
  readonly #byTopic = new Map<Uuid, (Replica | undefined)[]>();
  readonly #followers = new Map<Replica, Follower>();

  constructor(options: {
    brokerId: number;
    directory: string | null;
    controller: Controller;
    now: () => number;
    disk: DiskDrill;
    /** The replica of the broker that leads, if that broker is there. */
    leaderOf(replica: Replica): Replica | null;
    /** Totals of a partition, whoever leads it. */
    trafficOf(topic: TopicMetadata, index: number): Traffic;
    /** Followers do as if no leader could be reached. */
    isPaused(): boolean;
    /** The replica begins to lead. */
    led(replica: Replica): void;
    /** It does not lead any more, or is gone. */
    unled(replica: Replica): void;
  }) {
    this.#brokerId = options.brokerId;
    this.#directory = options.directory;
    this.#controller = options.controller;
    this.#now = options.now;
    this.#disk = options.disk;
    this.#leaderOf = options.leaderOf;
    this.#isPaused = options.isPaused;
    this.#trafficOf = options.trafficOf;
    this.#led = options.led;
    this.#unled = options.unled;
  }

  get(topic: TopicMetadata, index: number): Replica | undefined {
    return this.#byTopic.get(topic.id)?.[index];
  }

  *all(): Generator<Replica> {
    for (const replicas of this.#byTopic.values()) for (const replica of replicas) if (replica) yield replica;
  }

  /** Opens, leads and follows as the controller says. */
  update(topic: TopicMetadata): void {
    const replicas = this.#byTopic.get(topic.id) ?? [];
    this.#byTopic.set(topic.id, replicas);
    const settings = logSettingsOf(topic.settings, this.#controller.defaults);
    for (const metadata of topic.partitions) {
      if (!metadata.replicas.includes(this.#brokerId)) {
        this.#remove(replicas[metadata.index], 'NOT_LEADER_OR_FOLLOWER');
        replicas[metadata.index] = undefined;
        continue;
      }
      const replica = replicas[metadata.index] ?? this.#open(topic, metadata.index);
      replicas[metadata.index] = replica;
      replica.log.settings = settings;
      if (!replica.update(metadata)) continue;
      this.#followers.get(replica)?.end();
      this.#followers.delete(replica);
      if (replica.isLeader) this.#led(replica);
      else {
        this.#unled(replica);
        if (metadata.leader >= 0) this.#follow(replica);
      }
    }
  }

  delete(topic: TopicMetadata): void {
    for (const replica of this.#byTopic.get(topic.id) ?? []) this.#remove(replica, 'UNKNOWN_TOPIC_OR_PARTITION');
    this.#byTopic.delete(topic.id);
  }

  /** `isAbrupt`: as when the process is killed. */
  close(isAbrupt: boolean): void {
    for (const replica of this.all()) {
      this.#end(replica);
      replica.end('NOT_LEADER_OR_FOLLOWER');
      if (isAbrupt) replica.log.abandon();
      else replica.log.close();
    }
    this.#byTopic.clear();
  }

  /** The broker has no such replica any more; who waits for it is told why. */
  #remove(replica: Replica | undefined, error: ErrorName): void {
    if (!replica) return;
    this.#end(replica);
    replica.end(error);
    replica.log.remove();
  }

  #end(replica: Replica): void {
    this.#followers.get(replica)?.end();
    this.#followers.delete(replica);
    this.#unled(replica);
  }

  #follow(replica: Replica): void {
    this.#followers.set(
      replica,
      new Follower({ replica, leader: () => this.#leaderOf(replica), isPaused: this.#isPaused }),
    );
  }

  #open(topic: TopicMetadata, index: number): Replica {
    const metadata = topic.partitions[index];
    if (!metadata) throw new Error(`there is no partition ${index} of ${topic.name}`);
    // Some file systems take “A” for “a”, and a topic may come again under the name of a deleted one.
    const name = `${topic.name}-${index}.${topic.id.slice(0, 8)}`;
    return new Replica({
      brokerId: this.#brokerId,
      topic,
      metadata,
      traffic: this.#trafficOf(topic, index),
      openLog: (whenConfirmable) =>
        new Log({
          directory: this.#directory === null ? null : join(this.#directory, name),
          settings: logSettingsOf(topic.settings, this.#controller.defaults),
          now: this.#now,
          whenConfirmable,
          disk: this.#disk,
        }),
      now: this.#now,
      changeIsr: (isr) => this.#controller.changeIsr(topic, metadata, isr),
    });
  }
}
