const MB = 1024 * 1024;

/**
 * A piece of memory on the heap of V8, whose collector need not look inside. Pieces of more than an eighth of a MB have
 * pages of their own, which go back to the operating system with them.
 */
export const heapBlock = (mb: number): number[] => new Array<number>(Math.round((mb * MB) / 8)).fill(0.5);
