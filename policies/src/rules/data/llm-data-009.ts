import type { ResourceGraph } from "../../graph/resource-graph";
import { families } from "../../rule/families";
import { fail } from "../../rule/outcome";
import { graphRule } from "../../rule/rule";

export const llmData009 = graphRule({
  id: "LLM-DATA-009",
  title: "Backup vaults are locked",
  word: "SHOULD",
  source: ["POL-R20"],
  looksAt: "each backup vault and the lock configuration that names it",
  remedy: "add an aws.backup.VaultLockConfiguration for the vault",
  controls: "recovery",
  owasp: ["LLM05"],
  anchors: ["CKV_AWS_166", "Backup.1"],
  doc: "Without a lock whoever takes over the account deletes the backups too.",
  types: families.backupVault,
  *check({ resource, shared }) {
    if (!shared(lockedVaults).has(resource.urn)) yield fail("", "is not locked, so its backups can be deleted");
  },
});

function lockedVaults(graph: ResourceGraph): ReadonlySet<string> {
  const locks = graph.ofType(families.backupVaultLock);
  return new Set(
    locks.flatMap((lock) =>
      graph.references(lock, "backupVaultName", families.backupVault).resources.map(({ urn }) => urn),
    ),
  );
}
