import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { gatewayDoors, textBearing, type HaproxySection } from "../../workloads/deployed-texts";

export const llmTls014 = resourceRule({
  id: "LLM-TLS-014",
  title: "A gateway reaches its engines by TLS and checks whom it reaches",
  word: "MUST",
  source: ["SEC-R02", "POL-R01"],
  looksAt: "HAProxy configurations that the program deploys: every server that is not on the gateway's own host",
  remedy: "add ssl, verify required, ca-file and verifyhost to the server or default-server line",
  controls: "transit",
  owasp: ["LLM02"],
  anchors: [],
  doc: "The gateway sends prompts and the engines' key. In clear, whoever sees the network reads both; without verification, whoever answers under an engine's address gets both. Backends in TCP mode carry the client's own TLS and are left alone.",
  types: textBearing,
  applies: ({ resource }) => gatewayDoors(resource).length > 0,
  *check({ resource }) {
    const configurations = new Map(
      gatewayDoors(resource).map(({ property, sections }) => [property.path, { property, sections }]),
    );
    for (const { property, sections } of configurations.values()) {
      const settings = linesOf(sections, "global");
      const defaults = linesOf(sections, "defaults");
      const unchecked = settings.some((line) => /^ssl-server-verify\s+none/.test(line));
      for (const section of sections.filter(({ kind }) => kind === "backend" || kind === "listen")) {
        if ([...defaults, ...section.lines].findLast((line) => line.startsWith("mode ")) === "mode tcp") continue;
        const [server] = remoteServers(section);
        if (server === undefined) continue;
        const words = [...defaults, ...section.lines].filter((line) => line.startsWith("default-server ")).join(" ");
        const all = `${words} ${server} `;
        if (!/\sssl\s/.test(all))
          yield fail(property, `${section.kind} ${section.name} sends requests in clear: ${server}`);
        else if (/\sverify\s+none\s/.test(all) || (unchecked && !/\sverify\s+required\s/.test(all)))
          yield fail(property, `${section.kind} ${section.name} does not check whom it reaches: ${server}`);
      }
    }
  },
});

function linesOf(sections: readonly HaproxySection[], kind: string): readonly string[] {
  return sections.filter((section) => section.kind === kind).flatMap(({ lines }) => lines);
}

/** The lines of servers that are neither on loopback nor behind a socket file. */
function remoteServers({ lines }: HaproxySection): readonly string[] {
  return lines.filter((line) => {
    const address = /^(?:server\s+\S+|server-template\s+\S+\s+\S+)\s+"?(\S+)/.exec(line)?.[1];
    return address !== undefined && !/^(127\.|localhost:|\[::1\]|unix@|abns@|\/)/.test(address);
  });
}
