import { segments, type Flow, type NetworkNeeds } from "@holdfast/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accessMatrix,
  endpointServices,
  flowProblems,
  plannedRules,
  ruleDescription,
  type PlannedRule,
} from "./access-matrix";
import { placedSegments, type ClientNetwork } from "./placement";

const clients: ClientNetwork[] = [
  { name: "office", cidr: "10.10.0.0/16" },
  { name: "apps", cidr: "10.20.0.0/16" },
];
const options = { network: "llm", clients };
const flow = (from: Flow["from"], to: Flow["to"], port: number, purpose = "a purpose"): Flow => ({
  from,
  to,
  protocol: "tcp",
  port,
  purpose,
});
const rulesOf = (needs: readonly NetworkNeeds[]) => plannedRules(accessMatrix(needs, options), options);

const places: Flow["to"][] = [...segments, "endpoint:ssm", "endpoint:logs", "endpoint:s3"];
const flows = fc
  .record({
    from: fc.constantFrom(...segments),
    to: fc.constantFrom(...places),
    protocol: fc.constantFrom("tcp" as const, "udp" as const),
    port: fc.integer({ min: 1, max: 60_000 }),
    toPort: fc.option(fc.integer({ min: 60_000, max: 65_535 }), { nil: undefined }),
    purpose: fc.string({ minLength: 1 }),
  })
  .map(({ toPort, ...rest }): Flow => ({ ...rest, ...(toPort === undefined ? {} : { toPort }) }));
const needs = fc.array(
  fc.record({ flows: fc.array(flows, { maxLength: 8 }), efa: fc.subarray([...placedSegments], { maxLength: 2 }) }),
  { maxLength: 4 },
);
const sound = (list: readonly NetworkNeeds[]) => flowProblems(list, "endpoints").length === 0;

describe("accessMatrix", () => {
  it("merges what several parts declare, and says every purpose", () => {
    expect(
      accessMatrix(
        [
          { flows: [flow("gateway", "serving", 8000, "inference")] },
          { flows: [flow("gateway", "serving", 8000, "probe"), flow("clients", "gateway", 443, "API")] },
        ],
        options,
      ),
    ).toEqual([
      {
        from: "clients",
        to: "gateway",
        protocol: "tcp",
        port: 443,
        toPort: 443,
        purpose: "API",
        rules: ["llm-rule-clients-to-gateway-tcp-443-in-office", "llm-rule-clients-to-gateway-tcp-443-in-apps"],
      },
      {
        from: "gateway",
        to: "serving",
        protocol: "tcp",
        port: 8000,
        toPort: 8000,
        purpose: "inference; probe",
        rules: ["llm-rule-gateway-to-serving-tcp-8000-out", "llm-rule-gateway-to-serving-tcp-8000-in"],
      },
    ]);
  });

  it("opens group to group, a prefix list where the service has no group, and an address range for client networks alone", () => {
    const rules = rulesOf([
      {
        flows: [
          flow("clients", "gateway", 443),
          flow("gateway", "serving", 8000),
          flow("serving", "endpoint:s3", 443),
          flow("serving", "endpoint:logs", 443),
        ],
      },
    ]);
    const shape = ({ direction, group, peer }: PlannedRule) =>
      `${direction} ${group} ${peer.kind === "client" ? peer.client.cidr : peer.kind === "group" ? peer.group : `list ${peer.service}`}`;
    expect(rules.map(shape)).toEqual([
      "ingress gateway 10.10.0.0/16",
      "ingress gateway 10.20.0.0/16",
      "egress gateway serving",
      "ingress serving gateway",
      "egress serving endpoint:logs",
      "ingress endpoint:logs serving",
      "egress serving list s3",
    ]);
  });

  it("has a rule for every flow and a flow for every rule, whoever declares what in which order", () => {
    fc.assert(
      fc.property(needs.filter(sound), (declared) => {
        const matrix = accessMatrix(declared, options);
        const rules = plannedRules(matrix, options);
        expect(matrix.flatMap((entry) => entry.rules)).toEqual(rules.map((rule) => rule.name));
        expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
        // The declared flows and the opened connections are the same set.
        const end = (from: string, to: string, protocol: string, port: number, toPort: number) =>
          [from, to, protocol, port, toPort].join(" ");
        const wanted = new Set([
          ...declared
            .flatMap((need) => need.flows)
            .map((one) => end(one.from, one.to, one.protocol, one.port, one.toPort ?? one.port)),
          ...declared.flatMap(({ efa }) => efa).map((one) => end(`efa:${one}`, `efa:${one}`, "all", 0, 65_535)),
        ]);
        const opened = new Set(
          rules.map(({ direction, group, peer, protocol, port, toPort }) => {
            const other =
              peer.kind === "group" ? peer.group : peer.kind === "client" ? "clients" : `endpoint:${peer.service}`;
            return direction === "egress"
              ? end(group, other, protocol, port, toPort)
              : end(other, group, protocol, port, toPort);
          }),
        );
        expect(opened).toEqual(wanted);
        // A range of addresses stands for declared client networks and nothing else.
        for (const rule of rules) if (rule.peer.kind === "client") expect(clients).toContainEqual(rule.peer.client);
        expect(accessMatrix([...declared].reverse(), options).map((entry) => entry.rules)).toEqual(
          matrix.map((entry) => entry.rules),
        );
      }),
    );
  });

  it("NET-R21: opens EFA hosts of a segment to each other and to nothing else, by reference, where a part declares it", () => {
    const plain = [{ flows: [flow("gateway", "serving", 8000)] }];
    expect(rulesOf([...plain, { flows: [] }])).toEqual(rulesOf(plain));
    const rules = rulesOf([...plain, { flows: [], efa: ["serving"] }, { flows: [], efa: ["serving"] }]);
    expect(rules.slice(0, 2)).toEqual(rulesOf(plain));
    expect(
      rules.slice(2).map(({ name, direction, group, peer, protocol }) => [name, direction, group, peer, protocol]),
    ).toEqual(
      (["out", "in"] as const).map((way) => [
        `llm-rule-efa-serving-${way}`,
        way === "out" ? "egress" : "ingress",
        "efa:serving",
        { kind: "group", group: "efa:serving" },
        "all",
      ]),
    );
  });

  it("renames no rule when a flow comes or a purpose is reworded", () => {
    fc.assert(
      fc.property(needs.filter(sound), flows, (declared, extra) => {
        fc.pre(sound([{ flows: [extra] }]));
        const before = rulesOf(declared).map((rule) => rule.name);
        const after = new Set(rulesOf([...declared, { flows: [extra] }]).map((rule) => rule.name));
        for (const name of before) expect(after).toContain(name);
        const reworded = declared.map((need) => ({
          ...need,
          flows: need.flows.map((one) => ({ ...one, purpose: "another" })),
        }));
        expect(rulesOf(reworded).map((rule) => rule.name)).toEqual(before);
      }),
    );
  });

  it("lists the services that need an endpoint", () => {
    expect(
      endpointServices(
        accessMatrix(
          [
            {
              flows: [
                flow("serving", "endpoint:ssm", 443),
                flow("gateway", "endpoint:ssm", 443),
                flow("gateway", "endpoint:s3", 443),
              ],
            },
          ],
          options,
        ),
      ),
    ).toEqual(["s3", "ssm"]);
  });
});

describe("flowProblems", () => {
  const first = (one: Flow, egress: "none" | "endpoints" = "endpoints") =>
    flowProblems([{ flows: [one] }], egress).map(({ path, reason }) => `${path}: ${reason}`);

  it.each(["serving", "storage", "endpoint:s3"] as const)("keeps clients away from %s", (to) => {
    expect(first(flow("clients", to, 443))).toEqual([
      `needs[0].flows[0]: clients may not reach ${to}; allowed: gateway, observability, management; route them through the gateway`,
    ]);
  });

  it("opens no endpoint where there is to be no way out", () => {
    expect(first(flow("serving", "endpoint:logs", 443), "none")).toEqual([
      'needs[0].flows[0]: serving needs endpoint:logs, and egress mode "none" opens no endpoint; use mode "endpoints" or drop the need',
    ]);
  });

  it("rejects ports that do not run upwards", () => {
    expect(first({ ...flow("gateway", "serving", 8000), toPort: 7000 })).toEqual([
      "needs[0].flows[0]: ports must run upwards within 1 to 65535, got 8000 to 7000",
    ]);
  });
});

describe("ruleDescription", () => {
  it("keeps to the alphabet and length that AWS takes", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600, unit: "binary" }), (purpose) => {
        expect(ruleDescription(purpose)).toMatch(/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/);
      }),
    );
    expect(ruleDescription("API calls; probes")).toBe("API calls; probes");
  });
});
