/** Numbers from 0 up to, but not including, 1; the same seed gives the same ones. The generator is sfc32 of PractRand. */
export function createRandom(seed: number): () => number {
  let a = 0;
  let b = seed | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Seeds that differ in few bits give unrelated numbers only after some rounds.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}
