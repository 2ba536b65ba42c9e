/** The records that a text means: those with it in a name, or where no name has it, those with it anywhere. */
export function recordsWith<T extends object>(
  records: readonly T[],
  namesOf: (record: T) => readonly string[],
  text: string | undefined,
): readonly T[] {
  if (text === undefined) return records;
  const plain = (words: string) => words.toLowerCase().replace(/[\s_-]/g, "");
  const wanted = plain(text);
  const named = records.filter((record) => namesOf(record).some((name) => plain(name).includes(wanted)));
  return named.length > 0
    ? named
    : records.filter((record) => JSON.stringify(record).toLowerCase().includes(text.toLowerCase()));
}
