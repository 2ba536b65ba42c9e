import {
  isPropertyList,
  isPropertyMap,
  isSecret,
  isUnknown,
  type PropertyMap,
  type PropertyValue,
} from "../graph/property-value";
import { isNone, meet, parseCidr, type AddressSet } from "../addresses/address-set";

/** What a resource policy says about callers that nobody knows. */
export interface PolicyJudgement {
  readonly state: "open" | "closed" | "unknown";
  readonly words: string;
}

/**
 * Condition keys that bind a statement to known callers when compared with anything but wildcards. Lower case: IAM compares
 * keys without regard to case.
 */
const bindingKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:sourcevpcarn",
  "aws:vpcesourceaccount",
  "aws:vpcesourceorgid",
  "aws:userid",
  "aws:username",
  "aws:resourceaccount",
  "aws:resourceorgid",
  "kms:calleraccount",
  "s3:dataaccesspointaccount",
  "lambda:functionurlauthtype",
  "elasticfilesystem:accessedviamounttarget",
]);

/** Operators that say what a value must be. Their `IfExists` forms also pass where the key is missing, so they bind nothing. */
const positive: ReadonlySet<string> = new Set([
  "stringequals",
  "stringequalsignorecase",
  "stringlike",
  "arnequals",
  "arnlike",
  "foranyvalue:stringequals",
  "foranyvalue:stringlike",
  "foranyvalue:arnlike",
  "foranyvalue:arnequals",
]);

const negative: ReadonlySet<string> = new Set([
  "stringnotequals",
  "stringnotequalsignorecase",
  "stringnotlike",
  "arnnotequals",
  "arnnotlike",
]);

/**
 * Judges a policy, a JSON text or an object that may hold unknowns. A statement counts as open when it allows everybody, or
 * every account, without a condition that binds it to known callers. Accounts and roles that a statement names are trusted.
 *
 * `hiddenAreNamed`: principals that are not known yet are identities of the program, so not everybody.
 */
export function judgePolicy(
  policy: PropertyValue | undefined,
  outsiders: AddressSet,
  hiddenAreNamed = false,
): PolicyJudgement {
  if (policy === undefined || policy === null || policy === "")
    return { state: "closed", words: "no policy grants anything" };
  if (isUnknown(policy) || isSecret(policy))
    return { state: "unknown", words: "the policy is not known before deployment" };
  const document = typeof policy === "string" ? parse(policy) : policy;
  if (document === undefined || !isPropertyMap(document))
    return { state: "unknown", words: "the policy is not a JSON object" };
  const listed = field(document, "Statement");
  if (isUnknown(listed) || isSecret(listed))
    return { state: "unknown", words: "the statements of the policy are not known before deployment" };
  const statements = (isPropertyList(listed) ? listed : [listed]).filter((one) => one !== undefined && one !== null);
  let unknown: string | undefined;
  for (const [index, statement] of statements.entries()) {
    if (!isPropertyMap(statement)) {
      unknown ??= `statement ${index + 1} of the policy is not known before deployment`;
      continue;
    }
    const name = field(statement, "Sid");
    const words =
      typeof name === "string" && name !== "" && !isUnknown(name) ? `statement "${name}"` : `statement ${index + 1}`;
    const answer = judgeStatement(statement, outsiders, hiddenAreNamed);
    if (answer === "unknown") unknown ??= `who ${words} allows is not known before deployment`;
    if (answer === "open" && !boundByDenial(statements, outsiders))
      return { state: "open", words: `${words} allows ${actions(statement)} to everybody` };
  }
  return unknown === undefined
    ? { state: "closed", words: "no statement of the policy allows everybody" }
    : { state: "unknown", words: unknown };
}

function judgeStatement(
  statement: PropertyMap,
  outsiders: AddressSet,
  hiddenAreNamed: boolean,
): "open" | "closed" | "unknown" {
  const effect = field(statement, "Effect");
  if (effect === "Deny") return "closed";
  const who = principals(statement);
  if (who === "named" || (who === "unknown" && hiddenAreNamed)) return "closed";
  if (bound(field(statement, "Condition"), outsiders, positive)) return "closed";
  if (who === "unknown" || isUnknown(effect)) return "unknown";
  return "open";
}

/** Whom a statement speaks of. An identity provider without any condition is everybody who has an account there. */
function principals(statement: PropertyMap): "everybody" | "named" | "unknown" {
  if (field(statement, "NotPrincipal") !== undefined) return "everybody";
  const principal = field(statement, "Principal");
  if (principal === undefined || principal === null) return "named";
  if (principal === "*") return "everybody";
  if (isUnknown(principal) || isSecret(principal)) return "unknown";
  if (!isPropertyMap(principal)) return "named";
  let unknown = false;
  for (const [kind, value] of Object.entries(principal)) {
    if (kind.toLowerCase() === "service") continue;
    for (const one of isPropertyList(value) ? value : [value]) {
      if (isUnknown(one) || isSecret(one)) unknown ||= kind.toLowerCase() !== "canonicaluser";
      else if (one === "*" || one === "arn:aws:iam::*:root") return "everybody";
      else if (kind.toLowerCase() === "federated" && field(statement, "Condition") === undefined) return "everybody";
    }
  }
  return unknown ? "unknown" : "named";
}

/** Whether any condition limits the callers to ones that are known. All conditions of a statement must hold, so one is enough. */
function bound(condition: PropertyValue | undefined, outsiders: AddressSet, operators: ReadonlySet<string>): boolean {
  if (!isPropertyMap(condition)) return false;
  return Object.entries(condition).some(([operator, tests]) => {
    if (!isPropertyMap(tests)) return false;
    const form = operator.toLowerCase();
    if (form === "ipaddress" && operators === positive)
      return Object.entries(tests).some(
        ([key, value]) => key.toLowerCase() === "aws:sourceip" && addressesInside(value, outsiders),
      );
    if (form === "bool" && operators === positive)
      return Object.entries(tests).some(
        ([key, value]) =>
          key.toLowerCase() === "elasticfilesystem:accessedviamounttarget" && (value === "true" || value === true),
      );
    if (!operators.has(form)) return false;
    return Object.entries(tests).some(([key, value]) => bindingKeys.has(key.toLowerCase()) && binds(key, value));
  });
}

/** A value binds unless some alternative of it is nothing but wildcards. */
function binds(key: string, value: PropertyValue): boolean {
  const alternatives = isPropertyList(value) ? value : [value];
  if (alternatives.length === 0) return false;
  return alternatives.every((one) => {
    if (typeof one !== "string") return false;
    // The kind of authentication binds callers only when it is not "none at all".
    if (key.toLowerCase() === "lambda:functionurlauthtype") return one !== "NONE";
    return one.replace(/[*?]/g, "").replace(/^(arn|aws|iam|sts|root|[:/-])+$/, "") !== "";
  });
}

function addressesInside(value: PropertyValue, outsiders: AddressSet): boolean {
  const blocks = (isPropertyList(value) ? value : [value]).map((one) =>
    typeof one === "string" ? parseCidr(one) : undefined,
  );
  return blocks.length > 0 && blocks.every((block) => block !== undefined && !isNone(block) && !meet(block, outsiders));
}

/** Whether some statement denies everything to whoever is not one of the known callers. */
function boundByDenial(statements: readonly PropertyValue[], outsiders: AddressSet): boolean {
  return statements.some((statement) => {
    if (!isPropertyMap(statement) || field(statement, "Effect") !== "Deny" || principals(statement) !== "everybody")
      return false;
    const denied = field(statement, "Action");
    const all = (isPropertyList(denied) ? denied : [denied]).some(
      (one) => typeof one === "string" && /^(\*|[a-z0-9-]+:\*)$/i.test(one),
    );
    const condition = field(statement, "Condition");
    // Further conditions would make the denial narrower than it looks.
    const tests = isPropertyMap(condition)
      ? Object.values(condition).flatMap((one) => (isPropertyMap(one) ? Object.keys(one) : []))
      : [];
    return all && tests.length === 1 && bound(condition, outsiders, negative);
  });
}

function actions(statement: PropertyMap): string {
  const action = field(statement, "Action") ?? "every action but some";
  const list = (isPropertyList(action) ? action : [action]).filter((one): one is string => typeof one === "string");
  return list.length > 3 ? `${list.slice(0, 3).join(", ")} and ${list.length - 3} more` : list.join(", ") || "actions";
}

/** Policies as Pulumi types write them may start keys with a small letter. */
function field(map: PropertyMap, key: string): PropertyValue | undefined {
  return map[key] ?? map[key.charAt(0).toLowerCase() + key.slice(1)];
}

function parse(text: string): PropertyValue | undefined {
  try {
    return JSON.parse(text) as PropertyValue;
  } catch {
    return undefined;
  }
}
