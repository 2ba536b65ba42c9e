/** Analytic answers about queues: what the planner builds on and what the simulation is held against. Rates per second, times in seconds. */

/** Probability that a request has to wait at `servers` places when `offered` of them are busy on average (Erlang C; M/M/c). */
export function erlangC(servers: number, offered: number): number {
  if (offered >= servers) return 1;
  // Erlang B by its recursion, which never overflows.
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (offered * blocked) / (n + offered * blocked);
  return blocked / (1 - (offered / servers) * (1 - blocked));
}

/** Mean wait of M/M/c. */
export function waitManyServers(servers: number, rate: number, service: number): number {
  const offered = rate * service;
  return offered >= servers ? Number.POSITIVE_INFINITY : (erlangC(servers, offered) * service) / (servers - offered);
}

/**
 * Mean wait of one server by Pollaczek and Khinchine, with Kingman's factor for arrivals that are not Poisson (variation 1): exact for
 * M/G/1, an approximation otherwise.
 */
export function meanWait(rate: number, service: number, squaredVariation: number, variation = 1): number {
  const busy = rate * service;
  if (busy >= 1) return Number.POSITIVE_INFINITY;
  return (busy * service * (variation ** 2 + squaredVariation)) / (2 * (1 - busy));
}

/** The wait that a share of the requests stays below: those that wait at all (a share `busy`) wait exponentially long. */
export function waitAt(share: number, rate: number, service: number, squaredVariation: number, variation = 1): number {
  const busy = rate * service;
  if (busy >= 1) return Number.POSITIVE_INFINITY;
  const mean = meanWait(rate, service, squaredVariation, variation);
  return busy === 0 ? 0 : Math.max(0, (mean / busy) * Math.log(busy / (1 - share)));
}

/**
 * Standard deviation of the number in a system without a limit (G/G/infinity), over the square root of its mean: 1 for Poisson arrivals
 * whatever the service, up to the variation of the arrivals where all services are alike.
 */
export function peakedness(variation: number, serviceSquaredVariation: number): number {
  // Fixed services keep the bursts whole; exponential ones (squared variation 1) spread them over twice the time.
  return Math.sqrt(Math.max(0.05, 1 + (variation ** 2 - 1) / (1 + Math.min(1, serviceSquaredVariation))));
}
