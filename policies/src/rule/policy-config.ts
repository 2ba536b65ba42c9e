import { check, formatPath, nearest, type Problem } from "@holdfast/core";
import { z } from "zod";
import { defaultLevel, type Level, type Rule } from "./rule";

const levels = ["advisory", "mandatory", "disabled"] as const;

/** Settings that every rule has. */
const common = {
  /** What to make of a property that the plan does not know. @default "warn" */
  onUnknown: z.enum(["warn", "fail", "ignore"]).default("warn"),
};

/**
 * The configuration of a run: by rule id, either a level or an object with `enforcementLevel`, `onUnknown` and the rule's own
 * settings; `all` gives the level of every rule without one of its own. It is the file that
 * `pulumi preview --policy-pack-config` takes, so one file serves both ways of running the rules.
 */
export type PolicyConfig = Readonly<Record<string, unknown>>;

export interface RuleSettings {
  readonly level: Level | "disabled";
  readonly onUnknown: "warn" | "fail" | "ignore";
  readonly config: Readonly<Record<string, unknown>>;
}

/** The policy configuration was not usable. Lists every problem. */
export class PolicyConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      `policy configuration: ${problems.length} problem${problems.length === 1 ? "" : "s"}\n${problems.map(({ path, reason }) => `  ${path}: ${reason}`).join("\n")}`,
    );
    this.name = "PolicyConfigError";
    this.problems = problems;
  }
}

const schemas = new WeakMap<Rule, z.ZodObject>();

/** The schema of one rule's settings, without the level. */
export function settingsSchema(rule: Rule): z.ZodObject {
  let schema = schemas.get(rule);
  if (schema === undefined) {
    schema = z.strictObject({ ...common, ...rule.config?.shape });
    schemas.set(rule, schema);
  }
  return schema;
}

/** The same as JSON Schema properties, from the side of who writes them: what has a default is optional. */
export function settingsJsonSchema(rule: Rule): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(settingsSchema(rule), { io: "input" });
  return schema.properties ?? {};
}

/** Names that may stand in a configuration although no rule has them. */
export const reservedKeys: readonly string[] = ["all", "holdfast", "holdfast-waivers", "exceptions"];

/** Works out the settings of each rule, or throws one error that names every problem. */
export function resolveConfig(rules: readonly Rule[], config: PolicyConfig = {}): ReadonlyMap<Rule, RuleSettings> {
  const problems: Problem[] = [];
  const ids = rules.map(({ id }) => id as string);
  for (const key of Object.keys(config)) {
    if (ids.includes(key) || reservedKeys.includes(key)) continue;
    const near = nearest(key, ids);
    problems.push({
      path: formatPath([key]),
      reason: `no rule of that name${near === undefined ? "" : `; did you mean "${near}"?`}`,
    });
  }
  const everywhere = levelAndRest(config.all, "all", problems).level;
  const settings = new Map<Rule, RuleSettings>();
  for (const rule of rules) {
    const { level, rest } = levelAndRest(config[rule.id], rule.id, problems);
    settings.set(rule, {
      level: level ?? everywhere ?? defaultLevelOrDisabled(rule),
      ...(Object.keys(rest).length === 0 ? defaultSettings(rule) : ruleSettings(rule, rest, problems)),
    });
  }
  if (problems.length > 0) throw new PolicyConfigError(problems);
  return settings;
}

const defaults = new WeakMap<Rule, ReturnType<typeof ruleSettings>>();

/** The settings of a rule that the configuration says nothing about. */
function defaultSettings(rule: Rule): ReturnType<typeof ruleSettings> {
  let settings = defaults.get(rule);
  if (settings === undefined) {
    settings = ruleSettings(rule, {}, []);
    defaults.set(rule, settings);
  }
  return settings;
}

/** The rule's own settings from a plain object, with defaults filled in. */
export function ruleSettings(
  rule: Rule,
  rest: Readonly<Record<string, unknown>>,
  problems: Problem[],
): Pick<RuleSettings, "onUnknown" | "config"> {
  const checked = check(settingsSchema(rule), rest);
  if (!checked.ok) {
    problems.push(
      ...checked.problems.map(({ path, reason }) => ({ path: path === "" ? rule.id : `${rule.id}.${path}`, reason })),
    );
    return { onUnknown: "warn", config: {} };
  }
  const { onUnknown, ...own } = checked.value;
  return { onUnknown: onUnknown as RuleSettings["onUnknown"], config: own };
}

function defaultLevelOrDisabled(rule: Rule): RuleSettings["level"] {
  const level = defaultLevel(rule);
  return level === "off" ? "disabled" : level;
}

function levelAndRest(
  entry: unknown,
  key: string,
  problems: Problem[],
): { level: RuleSettings["level"] | undefined; rest: Readonly<Record<string, unknown>> } {
  if (entry === undefined) return { level: undefined, rest: {} };
  const isObject = typeof entry === "object" && entry !== null && !Array.isArray(entry);
  const { enforcementLevel, ...rest } = isObject ? (entry as Record<string, unknown>) : { enforcementLevel: entry };
  if (enforcementLevel === undefined) return { level: undefined, rest };
  if (levels.some((level) => level === enforcementLevel))
    return { level: enforcementLevel as RuleSettings["level"], rest };
  const path = isObject ? `${key}.enforcementLevel` : key;
  const hint =
    enforcementLevel === "remediate" ? '; no rule changes resources, so "remediate" would neither fix nor block' : "";
  problems.push({ path, reason: `got ${JSON.stringify(enforcementLevel)}; allowed: ${levels.join(", ")}${hint}` });
  return { level: undefined, rest };
}
