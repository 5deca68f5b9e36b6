/* What `archipel broker kafka` runs: a file of its own in dist/, which no other command reads. */
export { DamagedClusterError } from '../../../wire/kafka/cluster/controller.ts';
export { createServer } from '../../../wire/kafka/server.ts';
