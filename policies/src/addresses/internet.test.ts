import { expect, it } from "vitest";
import { cidrs, countAddresses, isNone } from "./address-set";
import { coversInternet, routable } from "./internet";

it.each([
  [["0.0.0.0/0"], true],
  [["0.0.0.0/1", "128.0.0.0/1"], true],
  [["1.0.0.0/8", "2.0.0.0/7", "4.0.0.0/6", "8.0.0.0/7"], false],
  [["::/0"], true],
  [["0::0/0"], true],
  [["2000::/3"], true],
  [["2000::/4"], false],
  [["8000::/1"], false],
  [["10.0.0.0/8", "fd00::/8"], false],
  [[], false],
])("%j covers the internet: %s", (blocks, covers) => {
  expect(coversInternet(cidrs(...blocks))).toBe(covers);
});

it("knows what is not reachable from anywhere", () => {
  const inside = cidrs(
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.169.254",
    "fe80::/10",
  );
  expect(isNone(routable(inside))).toBe(true);
  expect(countAddresses(routable(cidrs("9.255.255.255/32", "10.0.0.0/8"))).v4).toBe(1n);
});
