import { plainText } from "@holdfast/policies";

/** `$1,234,567`: whole dollars, for sums a person compares. */
export function dollars(usd: number): string {
  return `$${Math.round(usd).toLocaleString("en-US")}`;
}

/** `$0.0952`: as many digits as a unit price needs. */
export function unitDollars(usd: number): string {
  return `$${usd.toLocaleString("en-US", { maximumFractionDigits: usd < 1 ? 4 : 2 })}`;
}

/** `64.0`: one digit, for GiB. */
export function oneDigit(value: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/** Milliseconds as people read them: `38 ms`, `1.4 s`. */
export function milliseconds(ms: number): string {
  if (!Number.isFinite(ms)) return "-";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toLocaleString("en-US", { maximumFractionDigits: 1 })} s`;
}

/** `1 resource`, `2 resources`. */
export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${value.toLocaleString("en-US")} ${value === 1 ? noun : plural}`;
}

/** The last part of a URN with its type's last part: `chat-group (Group)`, safe for a terminal. */
export function shortUrn(urn: string): string {
  const parts = plainText(urn).split("::");
  const type = (parts[2] ?? "").split("$").at(-1) ?? "";
  const name = parts.slice(3).join("::");
  return name === "" ? plainText(urn) : `${name} (${type.split(":").at(-1) ?? type})`;
}
