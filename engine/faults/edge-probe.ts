/** How a connection stands, or how it ended. */
export type Fate = 'open' | 'refused' | 'reset' | 'ended';

export interface Question {
  /** How many bytes to send, about; as few as the protocol can if not said. */
  bytes?: number;
  /** How many bytes the answer should have at least, where the protocol lets one ask for that. */
  answerBytes?: number;
  timeoutMs: number;
}

export interface Answer {
  /** It came, as a whole. */
  answered: boolean;
  tookMs: number;
  sentBytes: number;
  receivedBytes: number;
  /** In how many pieces it came. */
  pieces: number;
  fate: Fate;
}

/** A connection of our own through the link of an edge: it asks in the protocol of the edge, and sees what callers see. */
export interface EdgeProbe {
  fate(): Fate;
  /** Resolves when it is answered, when the connection ends, or when the time is over. One at a time. */
  ask(question: Question): Promise<Answer>;
  /** Ends its own side. Resolves with the time until the connection was over, or null if that was too long. */
  end(timeoutMs: number): Promise<number | null>;
  close(): void;
}
