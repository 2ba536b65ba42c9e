import { catalogueRevision } from "@holdfast/catalog";
import { sizeFleet, type FleetNeed, type SizingOutcome } from "@holdfast/sizing";

/** More fleets than an environment has. */
const mostRemembered = 256;

const remembered = new Map<string, SizingOutcome>();
let revision = catalogueRevision();

/**
 * `sizeFleet`, worked out once per need in a process: the command line, the environment's document and the component all ask for the
 * same fleets. Forgets everything when the catalogue's records change.
 */
export function sizedFleet(need: FleetNeed): SizingOutcome {
  if (revision !== catalogueRevision()) {
    remembered.clear();
    revision = catalogueRevision();
  }
  const key = JSON.stringify(need);
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const outcome = sizeFleet(need);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, outcome);
  return outcome;
}
