/** What runs, ordered by the step in which it ends; equal ends in order of entry. */
export class FinishHeap<T> {
  readonly #items: { readonly item: T; readonly at: number; readonly order: number }[] = [];
  #entered = 0;

  get size(): number {
    return this.#items.length;
  }

  /** The step in which the next one ends. */
  get first(): number | undefined {
    return this.#items[0]?.at;
  }

  push(item: T, at: number): void {
    const items = this.#items;
    items.push({ item, at, order: this.#entered++ });
    for (let i = items.length - 1; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#before(i, parent)) break;
      this.#swap(i, parent);
      i = parent;
    }
  }

  /** Takes out the next one if it ends by this step. */
  pop(step: number): T | undefined {
    const items = this.#items;
    const top = items[0];
    if (top === undefined || top.at > step) return undefined;
    const last = items.pop();
    if (last !== undefined && items.length > 0) {
      items[0] = last;
      for (let i = 0; ;) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        const child = right < items.length && this.#before(right, left) ? right : left;
        if (child >= items.length || !this.#before(child, i)) break;
        this.#swap(i, child);
        i = child;
      }
    }
    return top.item;
  }

  #before(a: number, b: number): boolean {
    const [one, other] = [this.#items[a], this.#items[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#items[a], this.#items[b]];
    if (one === undefined || other === undefined) return;
    this.#items[a] = other;
    this.#items[b] = one;
  }
}
