import { describe, expect, it } from "vitest";
import {
  allTraffic,
  commonTraffic,
  formatTraffic,
  isNoTraffic,
  traffic,
  trafficWithout,
  uniteTraffic,
} from "./traffic";

describe("traffic", () => {
  it("takes a protocol that it does not know for every protocol, and a missing port for every port", () => {
    expect(traffic("carrier-pigeon", 80, 80)).toEqual(allTraffic);
    expect(formatTraffic(traffic("tcp"))).toBe("tcp/any");
    expect(formatTraffic(traffic("-1", 0, 0))).toBe("every protocol and port");
  });

  it("knows protocols by name and number", () => {
    expect(traffic("6", 443, 443)).toEqual(traffic("tcp", 443, 443));
    expect(traffic("17", 53, 53)).toEqual(traffic("udp", 53, 53));
    expect(traffic("icmp")).toEqual(traffic("1"));
  });

  it("leaves what is not taken away", () => {
    const rest = trafficWithout(
      uniteTraffic(traffic("tcp", 440, 450), traffic("udp", 53, 53)),
      traffic("tcp", 443, 443),
    );
    expect(formatTraffic(rest)).toBe("tcp/440-442, tcp/444-450, udp/53");
    expect(isNoTraffic(commonTraffic(rest, traffic("tcp", 443)))).toBe(true);
  });
});
