import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import { gatewayDoors, listensLocally, textBearing, type HaproxySection } from "../../workloads/deployed-texts";

export const llmTls013 = resourceRule({
  id: "LLM-TLS-013",
  title: "A gateway's configuration ends TLS, version 1.2 or newer, wherever it takes requests",
  word: "MUST",
  source: ["POL-R01", "SEC-R02"],
  looksAt: "HAProxy configurations that the program deploys: every frontend that hands requests on",
  remedy: "add ssl and a certificate to the bind line, and set ssl-min-ver TLSv1.2 or TLSv1.3",
  controls: "transit",
  owasp: ["LLM02"],
  anchors: [],
  doc: "A balancer that passes TCP through is only as good as what ends TLS behind it, and that is a file that the program deploys. So the file is read. Frontends on loopback are left alone, and so are those that answer by themselves.",
  types: textBearing,
  applies: ({ resource }) => gatewayDoors(resource).length > 0,
  *check({ resource }) {
    for (const { property, door, sections } of gatewayDoors(resource)) {
      if (listensLocally(door)) continue;
      for (const line of door.lines.filter((one) => one.startsWith("bind "))) {
        if (!/\sssl(\s|$)/.test(line) && !redirectsAll(door)) {
          yield fail(property, `the frontend ${door.name} takes requests in plain text: ${line}`);
        }
        if (oldVersion.test(line)) yield fail(property, `the frontend ${door.name} accepts TLS below 1.2: ${line}`);
      }
      const global = sections.filter(({ kind }) => kind === "global").flatMap(({ lines }) => lines);
      const defaults = global.find((line) => line.startsWith("ssl-default-bind-options") && oldVersion.test(line));
      if (defaults !== undefined) yield fail(property, `accepts TLS below 1.2: ${defaults}`);
    }
  },
});

const oldVersion = /\s(force-tlsv1[01]|force-sslv3|no-tlsv1[23])(\s|$)|ssl-min-ver\s+(SSLv3|TLSv1\.[01])(\s|$)/;

/** Whether a section sends every request in plain text to HTTPS. */
function redirectsAll({ lines }: HaproxySection): boolean {
  return lines.some((line) =>
    /^(http-request\s+)?redirect\s+scheme\s+https(\s+code\s+30\d)?(\s+(unless\s+\{\s*ssl_fc\s*\}|if\s+!\{\s*ssl_fc\s*\}))?$/.test(
      line,
    ),
  );
}
