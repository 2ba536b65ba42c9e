import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findTerraformAws } from "./find-provider";

function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-provider-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(join(folder, "aws/1/os"), { recursive: true });
  for (const name of names) {
    writeFileSync(join(folder, "aws/1/os", name), "");
    chmodSync(join(folder, "aws/1/os", name), name.endsWith(".txt") ? 0o644 : 0o755);
  }
  return folder;
}

it("takes the newest in the folder that the variable names", () => {
  const folder = folderWith("terraform-provider-aws_v5.9.0_x5", "terraform-provider-aws_v5.100.0_x5", "other");
  expect(findTerraformAws({ HOLDFAST_TERRAFORM_AWS_PROVIDER: folder })).toEqual({
    file: join(folder, "aws/1/os/terraform-provider-aws_v5.100.0_x5"),
    version: "5.100.0",
  });
});

it("finds it in the mirror of Terraform's own configuration", () => {
  const folder = folderWith("terraform-provider-aws_v6.2.0_x5");
  const config = join(folder, "terraform.rc");
  writeFileSync(config, `provider_installation {\n  filesystem_mirror {\n    path = "${folder}"\n  }\n}\n`);
  expect(findTerraformAws({ TF_CLI_CONFIG_FILE: config })?.version).toBe("6.2.0");
});

it("says so when the variable names nothing of use", () => {
  const folder = folderWith("terraform-provider-aws_v5.9.0.txt");
  expect(() => findTerraformAws({ HOLDFAST_TERRAFORM_AWS_PROVIDER: folder })).toThrow(
    /HOLDFAST_TERRAFORM_AWS_PROVIDER is .*, where there is no executable terraform-provider-aws_v<version>/,
  );
});
