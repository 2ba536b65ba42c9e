/** Requests of a conversation that repeat what was said before. */
export interface SessionLoad {
  /** Tokens that all requests share: the system prompt. */
  readonly sharedPrefix: number;
  /** Prompt tokens that are new in each turn. */
  readonly newTokens: number;
  readonly outputTokens: number;
  readonly turns: number;
  /** Share of turns that reach the replica which still holds their prefix. */
  readonly hitRate: number;
}

/** Mean prompt of a session's turns, and what of it has to be computed: the rest is in the cache of prefixes. Tokens. */
export function sessionPrompts(load: SessionLoad): { readonly prompt: number; readonly computed: number } {
  const { sharedPrefix, newTokens, outputTokens, turns, hitRate } = load;
  // Turn n carries n - 1 earlier exchanges.
  const history = ((turns - 1) / 2) * (newTokens + outputTokens);
  const prompt = sharedPrefix + history + newTokens;
  return { prompt, computed: prompt - hitRate * (sharedPrefix + history) };
}
