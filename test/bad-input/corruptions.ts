import { isCollection, isMap, isPair, isScalar, parseDocument, visit, type Document, type Pair } from "yaml";

/** A repeatable source of random numbers below a bound (mulberry32). */
export function randomFrom(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound);
  };
}

const oddities: unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  Number.NaN,
  "",
  " ",
  "\u0000",
  "💥",
  "a".repeat(5000),
  "0.0.0.0/0",
  "::/0",
  "../../etc/passwd",
  "${jndi:x}",
  "10 fortnights",
  "constructor",
  "__proto__",
  [],
  [[]],
  {},
  { constructor: { prototype: 1 } },
  ["chat", "chat"],
];

/** One random thing done to a YAML text: to its structure or to its characters. */
export function corrupt(text: string, seed: number): string {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  if (random(4) === 0) return pick(textual)(text, random);
  const document = parseDocument(text);
  pick(structural)(document, random);
  return document.toString();
}

const textual: ((text: string, random: (bound: number) => number) => string)[] = [
  (text, random) => text.slice(0, random(text.length)),
  (text, random) => insert(text, random(text.length), "\t"),
  (text, random) => insert(text, random(text.length), "{"),
  (text, random) => insert(text, random(text.length), '"'),
  (text, random) => insert(text, random(text.length), "\u0000"),
  (text, random) => insert(text, random(text.length), ": "),
  (text, random) => insert(text, random(text.length), "&a *a "),
  (text, random) => {
    const lines = text.split("\n");
    const at = random(lines.length);
    lines.splice(at, 0, lines[at] ?? "");
    return lines.join("\n");
  },
  (text, random) => {
    const lines = text.split("\n");
    lines.splice(random(lines.length), 1);
    return lines.join("\n");
  },
];

const structural: ((document: Document, random: (bound: number) => number) => void)[] = [
  // A value becomes something nobody expects.
  (document, random) => {
    const pair = pickPair(document, random);
    if (pair) pair.value = document.createNode(oddities[random(oddities.length)]);
  },
  // A key is misspelt.
  (document, random) => {
    const pair = pickPair(document, random);
    if (!pair || !isScalar(pair.key)) return;
    const key = String(pair.key.value);
    const at = random(key.length);
    pair.key.value = random(2) === 0 ? key.slice(0, at) + key.slice(at + 1) : insert(key, at, "x");
  },
  // An entry disappears.
  (document, random) => {
    const found: (() => void)[] = [];
    visit(document, {
      Collection(_, node) {
        node.items.forEach((_item, index) => found.push(() => node.items.splice(index, 1)));
      },
    });
    found[random(found.length)]?.();
  },
  // A number changes its size.
  (document, random) => {
    const pair = pickPair(document, random, (value) => typeof value === "number");
    if (pair && isScalar(pair.value)) pair.value.value = [0, -5, 1e9, 0.5, Number(pair.value.value) * 1000][random(5)];
  },
  // A text loses or gains a character.
  (document, random) => {
    const pair = pickPair(document, random, (value) => typeof value === "string");
    if (!pair || !isScalar(pair.value)) return;
    const text = String(pair.value.value);
    const at = random(text.length + 1);
    pair.value.value = random(2) === 0 ? text.slice(0, at) + text.slice(at + 1) : insert(text, at, "z");
  },
  // Two values change places.
  (document, random) => {
    const one = pickPair(document, random);
    const other = pickPair(document, random);
    if (one && other && !contains(one, other) && !contains(other, one))
      [one.value, other.value] = [other.value, one.value];
  },
];

function pickPair(
  document: Document,
  random: (bound: number) => number,
  accepts: (value: unknown) => boolean = () => true,
): Pair | undefined {
  const pairs: Pair[] = [];
  visit(document, {
    Pair(_, pair) {
      if (accepts(isScalar(pair.value) ? pair.value.value : undefined)) pairs.push(pair);
    },
  });
  return pairs[random(pairs.length)];
}

function contains(pair: Pair, other: Pair): boolean {
  if (pair === other) return true;
  if (!isCollection(pair.value)) return false;
  return pair.value.items.some((item) =>
    isPair(item) ? contains(item, other) : isMap(item) && item.items.some((one) => contains(one, other)),
  );
}

function insert(text: string, at: number, what: string): string {
  return text.slice(0, at) + what + text.slice(at);
}
