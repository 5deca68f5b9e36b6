/**
 * A set that can be sampled: an array in which each element knows its place, and the last one fills the place of one that
 * goes. `slot` names the field of the elements that holds the place.
 */
export class Slots<Field extends string, Element extends { [F in Field]: number }> {
  readonly #field: Field;
  readonly #elements: Element[] = [];

  constructor(field: Field) {
    this.#field = field;
  }

  get size(): number {
    return this.#elements.length;
  }

  at(place: number): Element | undefined {
    return this.#elements[place];
  }

  add(element: Element): void {
    (element as { [F in Field]: number })[this.#field] = this.#elements.length;
    this.#elements.push(element);
  }

  remove(element: Element): void {
    const place = element[this.#field] as number;
    const last = this.#elements.pop() as Element;
    if (last !== element) {
      this.#elements[place] = last;
      (last as { [F in Field]: number })[this.#field] = place;
    }
    (element as { [F in Field]: number })[this.#field] = NONE;
  }

  sample(random: () => number): Element | undefined {
    return this.#elements[Math.floor(random() * this.#elements.length)];
  }
}

/** The place of an element that is in no set. */
export const NONE = -1;
