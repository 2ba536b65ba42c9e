/** Every time between "leave" and "gone", seconds. All follow from the longest response. */
export interface DrainWindows {
  /** Time to live of the fleet's DNS records. */
  readonly dnsTtl: number;
  /** Longest wait until the DNS service has really dropped the record. Route 53 says: usually within 60 s. */
  readonly deregistration: number;
  /**
   * From the record's end until nobody sends new requests: the record's own life in caches and the resolvers of gateways. The engine
   * answers normally for as long, because a vLLM that was told to stop answers new requests with 500 while /health stays 200.
   */
  readonly notice: number;
  /** What vLLM gives running requests after SIGTERM (`--shutdown-timeout`; its default 0 cuts them off). */
  readonly shutdown: number;
  /** From the last answer to the end of the process: 5.5 to 13.5 s were measured. */
  readonly teardown: number;
  /** Whole drain of a host. */
  readonly total: number;
}

/** The longest response that fits into the two hours a lifecycle hook can wait. */
export const longestLongestResponseSeconds = 6600;

/** Derives the windows from the longest response anyone waits for. */
export function drainWindows(longestResponseSeconds: number): DrainWindows {
  const dnsTtl = 5;
  const deregistration = 60;
  const notice = 30;
  const shutdown = Math.ceil(longestResponseSeconds);
  const teardown = 20;
  // Of the call that deregisters, should the DNS service be busy.
  const retries = 30;
  return {
    dnsTtl,
    deregistration,
    notice,
    shutdown,
    teardown,
    total: deregistration + retries + notice + shutdown + teardown,
  };
}
