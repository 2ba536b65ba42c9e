import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { root } from "../project-copy";

/** A piece of TypeScript in a README. */
export interface ReadmeExample {
  /** For example `network-1`. */
  readonly name: string;
  readonly readme: string;
  /** With values for what a reader must fill in, and with what the README takes as given. */
  readonly text: string;
  /** It awaits at its top level: an ES module, type-checked only. The others are planned. */
  readonly waits: boolean;
  /** Configuration from the README's YAML, for examples that read it. */
  readonly config: Readonly<Record<string, string>>;
}

const digest = "3c3e5053e0eac3292073904723428fac6f969d8c950f141fde943a176c6e29fd";
const placeholders: readonly (readonly [RegExp, string])[] = [
  [/<sha256[^>]*>|<digest>/g, digest],
  [/sha256:\.\.\./g, `sha256:${digest}`],
  [/<account>/g, "111122223333"],
  [/<region>/g, "eu-central-1"],
];

const prelude = readFileSync(join(__dirname, "program/prelude.ts"), "utf8");
const given = [...prelude.matchAll(/^export const (\w+)/gm)].flatMap(([, name]) => name ?? []);

/** Every TypeScript example of the READMEs that a stranger reads first. */
export function readmeExamples(): ReadmeExample[] {
  const readmes = ["README.md", ...globSync("packages/*/README.md", { cwd: root }).sort(), "policies/README.md"];
  return readmes.flatMap((readme) => {
    const text = readFileSync(join(root, readme), "utf8");
    const folder = dirname(readme).split("/").at(-1) ?? "";
    const config = configOf(text);
    return blocks(text, "ts").map((block, index) => {
      const filled = placeholders.reduce((done, [pattern, value]) => done.replaceAll(pattern, value), block);
      const used = given.filter((name) => new RegExp(`\\b${name}\\b`).test(code(filled)) && !declares(filled, name));
      const line = used.length === 0 ? "" : `import { ${used.join(", ")} } from "./prelude.js";\n`;
      return {
        name: `${folder === "." ? "holdfast" : folder}-${index + 1}`,
        readme,
        text: `${line}${filled}\nexport {};\n`,
        waits: /\bawait\b/.test(filled),
        config,
      };
    });
  });
}

/** Packages that have no README although npm will show one. */
export function packagesWithoutReadme(): string[] {
  return [...globSync("packages/*", { cwd: root }), "policies"].filter(
    (folder) => existsSync(join(root, folder, "package.json")) && !existsSync(join(root, folder, "README.md")),
  );
}

function blocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, text]) => text ?? "",
  );
}

/** The code without its texts and comments, where words are no names. */
function code(text: string): string {
  return text.replaceAll(/"[^"\n]*"|`[^`]*`|\/\/.*$/gm, "");
}

function declares(text: string, name: string): boolean {
  return new RegExp(
    `\\b(const|let|function|class)\\s+(\\{[^}=]*\\b)?${name}\\b|import[^;]*\\b${name}\\b[^;]*from`,
  ).test(text);
}

/** The stack file that a README shows, as Pulumi hands it to a program: objects as JSON. */
function configOf(markdown: string): Record<string, string> {
  const [text] = blocks(markdown, "yaml").filter((block) => block.startsWith("config:"));
  if (text === undefined) return {};
  const { config } = parse(text) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
