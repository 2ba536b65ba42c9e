import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";

/** One thing that is wrong with an input. */
export interface Problem {
  /** Where, for example `fleets.chat.workload.ttftSeconds`; empty for the whole value. */
  readonly path: string;
  /** What is wrong, the value got, the values allowed, what to do; lower case, no final period. */
  readonly reason: string;
}

export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problem[] };

/**
 * Validates a plain value and returns either the parsed value or every problem in it, each with its path and the value got.
 * The value must hold no Pulumi Outputs: what is not known at plan time cannot be validated.
 */
export function check<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, schema, []));
  return { ok: false, problems };
}

/** Writes a path the way people write it: `zones[0].id`, `fleets.chat`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

/** The candidate nearest to a misspelt word, if one is near enough to be what was meant. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  // The beginning of a longer name is what people type from memory.
  const begun =
    word.length >= 4 ? candidates.find((one) => one.toLowerCase().startsWith(word.toLowerCase())) : undefined;
  if (begun !== undefined) return begun;
  const best = closest(word.toLowerCase(), [...candidates]);
  return distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.floor(word.length / 3))
    ? best
    : undefined;
}

/** A value as it should appear in a message: short, and never the content of something long. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  }
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType, prefix: readonly PropertyKey[]): Problem[] {
  const path = [...prefix, ...issue.path];
  const at = formatPath(path);
  const got = show(issue.input);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => {
        const near = nearest(key, known);
        const hint =
          near === undefined ? (known.length > 0 ? `; known: ${known.join(", ")}` : "") : `; did you mean "${near}"?`;
        return { path: formatPath([...path, key]), reason: `unknown key "${key}"${hint}` };
      });
    }
    case "invalid_value": {
      const allowed = issue.values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
      const near = typeof issue.input === "string" ? nearest(issue.input, allowed) : undefined;
      const missing = issue.input === undefined ? "missing" : `got ${got}`;
      return [
        { path: at, reason: `${missing}; allowed: ${allowed.join(", ")}${near ? `; did you mean "${near}"?` : ""}` },
      ];
    }
    case "invalid_type":
      if (issue.input === undefined) return [{ path: at, reason: `missing; expected ${article(issue.expected)}` }];
      return [{ path: at, reason: `expected ${article(issue.expected)}, got ${got}` }];
    case "too_small":
      return [
        {
          path: at,
          reason: `${bound(issue.origin, issue.inclusive === false ? "more than" : "at least", issue.minimum)}, got ${got}`,
        },
      ];
    case "too_big":
      return [
        {
          path: at,
          reason: `${bound(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum)}, got ${got}`,
        },
      ];
    case "invalid_union": {
      if (issue.errors.length === 0) return [{ path: at, reason: `${issue.message.toLowerCase()}, got ${got}` }];
      // The branch that went furthest is the one that was meant.
      const depth = (branch: z.core.$ZodIssue[]) => Math.max(...branch.map((one) => one.path.length));
      const meant = issue.errors.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best));
      return meant.flatMap((one) => describe(one, schema, path));
    }
    case "invalid_format":
    case "custom":
      return [
        {
          path: at,
          reason:
            issue.input === undefined || issue.message.includes("got ")
              ? issue.message
              : `${issue.message}, got ${got}`,
        },
      ];
    default:
      return [{ path: at, reason: `${issue.message}, got ${got}` }];
  }
}

function bound(origin: string, relation: string, limit: number | bigint): string {
  const one = Number(limit) === 1;
  if (origin === "array" || origin === "set") return `must have ${relation} ${limit} ${one ? "entry" : "entries"}`;
  if (origin === "string") return `must have ${relation} ${limit} ${one ? "character" : "characters"}`;
  return `must be ${relation} ${limit}`;
}

function article(expected: string): string {
  const words: Record<string, string> = {
    int: "a whole number",
    object: "an object",
    array: "a list",
    record: "an object",
    string: "a text",
  };
  return words[expected] ?? `a ${expected}`;
}

/** The keys that the object schema at a path knows. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let options: z.core.$ZodType[] = [schema];
  for (const key of path) options = options.flatMap((option) => step(option, key));
  return [...new Set(options.flatMap((option) => objectKeys(option)))];
}

type Def = z.core.$ZodTypeDef & {
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  options?: z.core.$ZodType[];
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
};

function definition(schema: z.core.$ZodType): Def {
  return schema._zod.def;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def = definition(schema);
  if (def.innerType) return unwrap(def.innerType);
  if (def.in) return unwrap(def.in);
  if (def.options) return def.options.flatMap(unwrap);
  return [schema];
}

function step(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType[] {
  return unwrap(schema).flatMap((one) => {
    const def = definition(one);
    const next = def.shape?.[String(key)] ?? def.element ?? def.valueType;
    return next ? [next] : [];
  });
}

function objectKeys(schema: z.core.$ZodType): string[] {
  return unwrap(schema).flatMap((one) => Object.keys(definition(one).shape ?? {}));
}
