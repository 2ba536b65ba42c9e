/** Shortest and longest answer a gateway can be built for, seconds. The upper end keeps the balancer's deregistration delay within AWS's 3,600 s. */
export const shortestLongestResponse = 5;
export const longestLongestResponse = 3500;

/** Every time in the chain from client to engine, seconds. */
export interface GatewayTimeouts {
  /** TCP connection to an engine: inside one network either at once or not at all. */
  readonly connect: number;
  /** Whole request head, then whole request body: what a slow or silent caller may cost. */
  readonly request: number;
  /** Wait for a free slot of a fleet before 503. */
  readonly queue: number;
  /** Longest silence of an engine that answers in one piece: the whole answer. */
  readonly server: number;
  /** Longest silence of an engine within a stream, the wait for the first token included. */
  readonly streamGap: number;
  /** Longest silence of a client; longer than the engine's, so that the engine's silence is what is reported. */
  readonly client: number;
  /** Idle connection of a client between two requests; shorter than the balancer's, so that the balancer never drops one silently. */
  readonly keepAlive: number;
  /** Idle time after which the network load balancer forgets a connection (60 to 6,000 s). */
  readonly balancerIdle: number;
  /** Time running answers get when a gateway process is told to go. */
  readonly drain: number;
  /** Time until systemd kills what the drain left over. */
  readonly stop: number;
  /** Time the balancer lets open connections of a leaving host live on (0 to 3,600 s). */
  readonly deregistration: number;
  /** Whole drain of a host: leave the balancer, then let answers end. */
  readonly hostDrain: number;
}

/** Seconds between "not ready" and the last new connection from the balancer: two failed checks 10 s apart, and its own delay. */
export const settleSeconds = 30;

/** Derives all of them from the longest answer anyone waits for. */
export function gatewayTimeouts(longestResponseSeconds: number): GatewayTimeouts {
  const longest = Math.ceil(longestResponseSeconds);
  const server = longest + 5;
  const client = server + 5;
  const drain = longest + 15;
  const stop = drain + 15;
  return {
    connect: 4,
    request: 10,
    queue: clamp(Math.ceil(longest / 20), 5, 30),
    server,
    streamGap: Math.min(server, Math.max(60, Math.ceil(longest / 5))),
    client,
    keepAlive: 60,
    balancerIdle: clamp(client + 10, 350, 6000),
    drain,
    stop,
    deregistration: Math.min(stop + settleSeconds, 3600),
    hostDrain: settleSeconds + stop,
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
