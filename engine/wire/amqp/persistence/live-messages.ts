import type { Message, Place } from '../broker/message.ts';

/** All messages that the log has and that are not done with, in the order in which they were published. */
export class LiveMessages {
  #first: Message | null = null;
  #last: Message | null = null;
  /** Where a walk over them is. */
  #cursor: Message | null = null;

  /** The message is in these places, and in no others that are kept. */
  add(message: Message, places: readonly Place[]): void {
    for (const place of places) {
      place.isLogged = true;
      place.sibling = message.durable;
      message.durable = place;
    }
    message.previous = this.#last;
    if (this.#last) this.#last.next = message;
    else this.#first = message;
    this.#last = message;
  }

  remove(message: Message, place: Place): void {
    if (message.durable === place) message.durable = place.sibling;
    else
      for (let each = message.durable; each; each = each.sibling)
        if (each.sibling === place) {
          each.sibling = place.sibling;
          break;
        }
    place.sibling = null;
    place.isLogged = false;
    if (message.durable === null) this.#unlink(message);
  }

  /** Begins a walk, during which messages may come and go. */
  rewind(): void {
    this.#cursor = this.#first;
  }

  /** The next one of the walk, or null at its end. */
  step(): Message | null {
    const message = this.#cursor;
    this.#cursor = message?.next ?? null;
    return message;
  }

  #unlink(message: Message): void {
    const { previous, next } = message;
    if (this.#cursor === message) this.#cursor = next;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    message.previous = null;
    message.next = null;
  }
}

export function placesOf(message: Message): Place[] {
  const places: Place[] = [];
  for (let each = message.durable; each; each = each.sibling) places.push(each);
  return places;
}
