import { Scalar, visit, type Document } from "yaml";

/** A value that the engine does not read as the person who wrote it meant it, and its place in the text. */
export interface MisreadScalar {
  readonly offset: number;
  readonly problem: string;
}

/**
 * Reads the bare scalars of a document as the engine does (go-yaml 3): `0777` is octal, `1_000` is a thousand. Those that nobody can
 * mean are given back: the engine makes `2026-11-01 00:00:00 +0000 UTC` of a bare date and fails on `.inf`.
 */
export function readAsEngine(document: Document): MisreadScalar[] {
  const misread: MisreadScalar[] = [];
  visit(document, {
    Scalar(_key, node) {
      if (node.type !== Scalar.PLAIN || node.tag !== undefined || node.source === undefined) return;
      const text = node.source;
      const offset = node.range?.[0] ?? 0;
      const moment = engineMoment(text);
      if (moment !== undefined) {
        const problem = `the engine reads the bare date ${text} as the point in time "${moment}"; quote it: "${text}"`;
        misread.push({ offset, problem });
      } else if (/^([-+]?\.inf|\.nan)$/i.test(text)) {
        misread.push({ offset, problem: `the engine takes no ${text}; give a number, or quote it: "${text}"` });
      } else {
        const number = engineNumber(text);
        if (number !== undefined) node.value = number;
      }
    },
  });
  return misread;
}

const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?)?$/;

/** What the engine makes of a bare scalar that it takes for a point in time; `undefined` when it does not. */
function engineMoment(text: string): string | undefined {
  const found = timestamp.exec(text);
  if (found === null) return undefined;
  const [, year = "", month = "", day = "", separator, hour = "0", minute = "0", second = "0", part = "", zone] = found;
  // With a T there has to be a zone, with a blank there must be none.
  if (separator !== undefined && (separator === " ") !== (zone === undefined)) return undefined;
  const values = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const moment = new Date(Date.UTC(...values));
  const same = [
    moment.getUTCFullYear(),
    moment.getUTCMonth(),
    moment.getUTCDate(),
    moment.getUTCHours(),
    moment.getUTCMinutes(),
    moment.getUTCSeconds(),
  ].every((value, index) => value === values[index]);
  if (!same) return undefined;
  const [date = "", time = ""] = moment.toISOString().split("T");
  const fraction = part.replace(/\.?0*$/, "");
  const hours = zone?.replace(":", "");
  const offset = hours === undefined || hours === "Z" ? "+0000 UTC" : `${hours} ${hours}`;
  return `${date} ${time.slice(0, 8)}${fraction} ${offset}`;
}

/** The number that the engine reads in a bare scalar; `undefined` when it reads none. */
function engineNumber(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const [, sign = "", digits = ""] = /^([-+]?)(.*)$/s.exec(plain) ?? [];
  const minus = sign === "-" ? -1 : 1;
  if (/^0[0-7]+$/.test(digits)) return minus * parseInt(digits, 8);
  if (/^0x[\da-f]+$|^0o[0-7]+$|^0b[01]+$/i.test(digits)) return minus * Number(digits.toLowerCase());
  return /^(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(digits) ? Number(plain) : undefined;
}
