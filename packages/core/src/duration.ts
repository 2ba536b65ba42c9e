const secondsPer = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const;
type Unit = keyof typeof secondsPer;

/** A length of time with its unit, for example `"10 minutes"` or `"1 hour"`. */
export type Duration = `${number} ${Unit}` | `${number} ${Unit}s`;

const form = /^(\d+(?:\.\d+)?) (second|minute|hour|day)s?$/;

/** Whether a text is a `Duration`: a number, one space, and second(s), minute(s), hour(s) or day(s). */
export function isDuration(text: string): text is Duration {
  return form.test(text);
}

/** The seconds in a `Duration`. Throws `RangeError` when the text is not one. */
export function durationSeconds(duration: Duration): number {
  const match = form.exec(duration);
  if (!match) throw new RangeError(`not a duration: "${duration}"; write for example "90 seconds" or "10 minutes"`);
  return Number(match[1]) * secondsPer[match[2] as Unit];
}
