import { cidrs, common, without, type AddressSet } from "./address-set";

/** IANA special-purpose registry, IPv4: not reachable from the internet. */
const special = cidrs(
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
);

/** What is reachable from anywhere. Of IPv6 that is 2000::/3: all that IANA has given out for use on the internet. */
const internet = without(cidrs("0.0.0.0/0", "2000::/3"), special);

/** The part that is reachable from anywhere: without private, local and otherwise special ranges. */
export function routable(set: AddressSet): AddressSet {
  return common(set, internet);
}

/** Whether all public IPv4 or all public IPv6 addresses are in the set. */
export function coversInternet(set: AddressSet): boolean {
  const missing = without(internet, set);
  return missing.v4.length === 0 || missing.v6.length === 0;
}
