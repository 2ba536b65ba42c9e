import { fail } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";
import {
  deployedTexts,
  haproxyDoors,
  haproxySections,
  listensLocally,
  textBearing,
} from "../../workloads/deployed-texts";

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
  applies: ({ resource }) => configurations(resource).length > 0,
  *check({ resource }) {
    for (const { property, sections } of configurations(resource)) {
      for (const door of haproxyDoors(sections)) {
        if (listensLocally(door)) continue;
        for (const line of door.lines.filter((one) => one.startsWith("bind "))) {
          const redirects = door.lines.some(
            (one) =>
              /^(http-request )?redirect scheme https/.test(one) &&
              !/ (if|unless) /.test(one.replace("unless { ssl_fc }", "").replace("if !{ ssl_fc }", "")),
          );
          if (!/\sssl(\s|$)/.test(line) && !redirects)
            yield fail(property, `the frontend ${door.name} takes requests in plain text: ${line}`);
          if (/\s(force-tlsv1[01]|force-sslv3|no-tlsv1[23])(\s|$)|ssl-min-ver\s+(SSLv3|TLSv1\.[01])(\s|$)/.test(line))
            yield fail(property, `the frontend ${door.name} accepts TLS below 1.2: ${line}`);
        }
      }
      const defaults = sections
        .filter(({ kind }) => kind === "global")
        .flatMap(({ lines }) => lines)
        .find((line) => /^ssl-default-bind-options\b.*ssl-min-ver\s+(SSLv3|TLSv1\.[01])(\s|$)/.test(line));
      if (defaults !== undefined) yield fail(property, `accepts TLS below 1.2: ${defaults}`);
    }
  },
});

function configurations(resource: Parameters<typeof deployedTexts>[0]) {
  return deployedTexts(resource).flatMap(({ property, text }) => {
    const sections = haproxySections(text);
    return sections === undefined || haproxyDoors(sections).length === 0 ? [] : [{ property, sections }];
  });
}
