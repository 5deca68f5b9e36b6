/**
 * Numbers from 0 up to, but not including, 1; the same seed, stream and member give the same ones. Streams and their
 * members are independent of each other: what is drawn from one shifts nothing in another. The generator is sfc32 of
 * PractRand, its state set from all three.
 */
export function createRandom(seed: number, stream = 0, member = 0): () => number {
  let a = stream | 0;
  let b = seed | 0;
  let c = (0x9e3779b9 + member) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // States that differ in few bits give unrelated numbers only after some rounds.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** The stream of a purpose, e.g. "arrivals": its name as a number, by FNV-1a of 32 bits. */
export function streamOf(purpose: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < purpose.length; index += 1)
    hash = Math.imul(hash ^ purpose.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
