import { inputProblems, type HostFile } from "@holdfast/core";
import { gatewayMaps } from "./gateway-maps";
import { gatewayDirectory } from "./gateway-places";
import { gatewayHostFiles } from "./gateway-host-files";
import { haproxyConfig } from "./haproxy-config";
import { checkHaproxySpec, type CheckedHaproxySpec, type HaproxySpec } from "./haproxy-spec";
import { requestInspector } from "./request-inspector";

/**
 * Compiles a gateway policy and the fleets behind it to everything a gateway host needs on disk: configuration, tables, the request
 * inspector, scripts and units. Pure: the same spec gives the same bytes. Throws one error that names every problem.
 */
export function compileHaproxy(spec: HaproxySpec): HostFile[] {
  const checked = checkHaproxySpec(spec);
  if (!checked.ok) throw inputProblems("compileHaproxy", checked.problems);
  return compiledFiles(checked.spec);
}

/** The files of a checked spec. */
export function compiledFiles(spec: CheckedHaproxySpec): HostFile[] {
  return [
    { path: `${gatewayDirectory}/haproxy.cfg`, content: haproxyConfig(spec), reader: "haproxy" },
    { path: `${gatewayDirectory}/request-inspector.lua`, content: requestInspector, reader: "text" },
    ...gatewayMaps(spec),
    ...gatewayHostFiles(spec),
  ];
}
