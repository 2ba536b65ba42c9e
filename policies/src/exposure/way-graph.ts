/**
 * Whether a lock on a way holds.
 * - `open`: the program leaves this lock open to the outsider; a door.
 * - `closed`: it holds.
 * - `unknown`: cannot be told yet.
 * - `through`: no lock, the way simply leads on (a load balancer to its targets).
 */
export type LockState = "open" | "closed" | "unknown" | "through";

/** A lock of one endpoint by itself. */
export interface Lock {
  readonly state: LockState;
  readonly hop: string;
}

/** One step of a way from an outsider to an endpoint. */
export interface Way {
  readonly to: string;
  readonly state: LockState;
  /** What is passed, with URNs; absent where there is nothing to tell. For a closed lock: why it holds. */
  readonly hop?: string;
}

/** A way in that was found. */
export interface Witness {
  readonly hops: readonly string[];
  /** No lock on it had to be assumed open. */
  readonly whole: boolean;
  /** Locks on it that cannot be told. */
  readonly unknown: readonly string[];
}

export type Strength = "each-lock" | "whole-path";

interface Visit {
  readonly node: string;
  /** Whether a lock of the kind that is looked for lies behind. */
  readonly found: boolean;
  readonly assumed: number;
  readonly length: number;
  readonly before: Visit | undefined;
  readonly by: Way | undefined;
}

/** The ways by which one outsider could come in, and the search over them. */
export class WayGraph {
  readonly #ways = new Map<string, Way[]>();
  readonly #states = new Set<LockState>();
  readonly #back = new Map<string, { from: string; way: Way }[]>();

  constructor(readonly start: string) {}

  add(from: string, way: Way): void {
    this.#states.add(way.state);
    push(this.#ways, from, way);
    push(this.#back, way.to, { from, way });
  }

  /**
   * The best way to every node that passes at least one lock in the wanted state: fewest locks assumed open, then shortest.
   * With `each-lock`, locks that hold may be assumed open; with `whole-path` they may not.
   */
  search(wanted: "open" | "unknown", strength: Strength): Map<string, Witness> {
    const open = new Map<string, Witness>();
    // Nothing to find: the common case of a clean program.
    if (!this.#states.has(wanted) && !(strength === "whole-path" && wanted === "open")) return open;
    const seen = new Set<string>();
    const queue = new VisitQueue();
    queue.push({ node: this.start, found: false, assumed: 0, length: 0, before: undefined, by: undefined });
    for (let visit = queue.pop(); visit !== undefined; visit = queue.pop()) {
      const key = `${visit.found ? "+" : "-"}${visit.node}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (visit.found && !open.has(visit.node)) open.set(visit.node, witness(this.start, visit));
      for (const way of this.#ways.get(visit.node) ?? []) {
        const passable =
          way.state === "through" || way.state === "open" || (wanted === "unknown" && way.state === "unknown");
        if (!passable && strength === "whole-path") continue;
        queue.push({
          node: way.to,
          // A whole path needs no door by itself: that it is passable says it all, once it has any step.
          found: visit.found || way.state === wanted || (strength === "whole-path" && wanted === "open"),
          assumed: visit.assumed + (passable ? 0 : 1),
          length: visit.length + (way.hop === undefined ? 0 : 1),
          before: visit,
          by: way,
        });
      }
    }
    return open;
  }

  /** Every lock that holds on the ways to a node: the certificate that it cannot be reached. */
  cut(node: string): readonly string[] {
    const found = new Set<string>();
    const seen = new Set<string>([node]);
    for (const pending = [node]; pending.length > 0;) {
      const at = pending.pop() ?? node;
      for (const { from, way } of this.#back.get(at) ?? []) {
        if (way.state === "closed" && way.hop !== undefined) found.add(way.hop);
        if (!seen.has(from)) {
          seen.add(from);
          pending.push(from);
        }
      }
    }
    return [...found];
  }
}

function witness(start: string, end: Visit): Witness {
  const hops: string[] = [];
  const unknown: string[] = [];
  for (let visit: Visit | undefined = end; visit !== undefined; visit = visit.before) {
    const way = visit.by;
    if (way?.hop === undefined) continue;
    if (way.state === "closed") hops.unshift(`assuming this lock were open: ${way.hop}`);
    else if (way.state === "unknown") {
      unknown.unshift(way.hop);
      hops.unshift(`cannot tell: ${way.hop}`);
    } else hops.unshift(way.hop);
  }
  return { hops: [start, ...hops], whole: end.assumed === 0, unknown };
}

/** A binary heap: fewest assumptions first, then shortest. */
class VisitQueue {
  readonly #heap: Visit[] = [];

  push(visit: Visit): void {
    const heap = this.#heap;
    let at = heap.push(visit) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !before(visit, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = visit;
  }

  pop(): Visit | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      const left = heap[down];
      const right = heap[down + 1];
      if (left === undefined) break;
      if (right !== undefined && before(right, left)) down++;
      const child = heap[down];
      if (child === undefined || !before(child, last)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return top;
  }
}

function before(a: Visit, b: Visit): boolean {
  return a.assumed !== b.assumed ? a.assumed < b.assumed : a.length < b.length;
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
