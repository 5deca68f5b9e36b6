/** The topics in what a consumer says of itself when it joins; nothing where that is no consumer's. */
export function subscriptionOf(metadata: Buffer): string[] {
  const topics: string[] = [];
  try {
    let at = 6;
    for (let left = metadata.readInt32BE(2); left > 0 && at < metadata.length; left -= 1) {
      const length = metadata.readInt16BE(at);
      topics.push(metadata.toString('utf8', at + 2, at + 2 + length));
      at += 2 + length;
    }
  } catch {
    // It ends too early.
  }
  return topics;
}
