import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { parseAllDocuments, stringify } from "yaml";
import { root } from "../project-copy";
import { StepRunner } from "./shell-steps";
import { npmStandIn, npxStandIn, writeSmallProject } from "./small-project";

interface GitlabJob {
  readonly script: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly environment?: { readonly name: string; readonly action: string };
  readonly artifacts?: { readonly reports: { readonly junit: string }; readonly paths: readonly string[] };
}

const template = readFileSync(join(root, "docs/pull-requests/holdfast.gitlab-ci.yml"), "utf8");
const [header, body] = parseAllDocuments(
  template.replaceAll("$[[ inputs.environment ]]", "small").replaceAll("$[[ inputs.image ]]", "node"),
).map((document) => document.toJS() as Record<string, GitlabJob>);
const plan = body?.["holdfast plan small"];
const note = body?.["holdfast note small"];
const script = (job: GitlabJob | undefined) => (job?.script ?? []).join("\n");

const scratch = mkdtempSync(join(tmpdir(), "holdfast-gitlab-"));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

describe("the GitLab template", () => {
  it("is two documents, its inputs and its jobs, and keeps the token from the job that runs the change", () => {
    expect(Object.keys(header ?? {})).toEqual(["spec"]);
    expect(Object.keys(body ?? {})).toEqual(["holdfast plan small", "holdfast note small"]);
    expect(plan?.environment).toBeUndefined();
    expect(note?.environment).toEqual({ name: "holdfast-notes", action: "access" });
    expect(script(note)).not.toMatch(/npm|npx|git /);
    expect(plan?.artifacts?.reports.junit).toBe("holdfast-small/junit.xml");
  });

  it("is accepted by GitLab's own schema, included with its input as a project does", () => {
    const expand = (edit: (text: string) => string): { code: number; said: string } => {
      const project = mkdtempSync(join(scratch, "include-"));
      execFileSync("git", ["init", "--quiet"], { cwd: project });
      execFileSync("git", ["remote", "add", "origin", "https://gitlab.example/bank/platform.git"], { cwd: project });
      writeFileSync(join(project, "holdfast.gitlab-ci.yml"), edit(template));
      const include = [{ local: "holdfast.gitlab-ci.yml", inputs: { environment: "prod" } }];
      writeFileSync(join(project, ".gitlab-ci.yml"), stringify({ include }));
      // Only files that git knows can be included.
      const committer = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
      execFileSync("git", ["add", "."], { cwd: project });
      execFileSync("git", [...committer, "commit", "--quiet", "--message", "template"], { cwd: project });
      // It runs on the Node.js that this repository brings; nothing of it runs a job here.
      const { status, stdout, stderr } = spawnSync(
        join(root, "node_modules/.bin/node"),
        [join(root, "node_modules/gitlab-ci-local/dist/index.js"), "--preview"],
        { cwd: project, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", GCL_HOME: project } },
      );
      return { code: status ?? -1, said: `${stdout}${stderr}` };
    };
    const { code, said } = expand((text) => text);
    expect(code, said).toBe(0);
    expect(said).toMatch(/^holdfast plan prod:$/m);
    expect(said).toMatch(/^holdfast note prod:$/m);
    expect(said).not.toContain("$[[");
    expect(expand((text) => text.replace("expire_in:", "expire_inn:")).said).toContain("'expire_inn' property is not");
    expect(expand((text) => text.replaceAll("inputs.environment", "inputs.environmen")).code).not.toBe(0);
  });

  it("plans the change against the commit it started from", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: join(scratch, "change"),
        encoding: "utf8",
      }).trim();
    mkdirSync(join(scratch, "change"));
    git("init", "--quiet");
    writeFileSync(join(scratch, "change/.gitignore"), "node_modules\n.stand-ins\n.step.sh\n");
    writeSmallProject(join(scratch, "change"), false);
    git("add", ".");
    git("commit", "--quiet", "--message", "base");
    const base = git("rev-parse", "HEAD");
    writeSmallProject(join(scratch, "change"), true);
    git("commit", "--quiet", "--all", "--message", "change");
    const runner = new StepRunner(join(scratch, "change"), {}, { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    runner.standIn("npm", npmStandIn);
    runner.standIn("npx", npxStandIn);
    const { code, said } = await runner.bash(script(plan), plan?.variables);
    expect(said).toMatch(/findings {3}\d new \(\d blocks?\)/);
    expect(code).toBe(1);
    for (const file of ["plan.json", "comparison.json", "comment.md", "junit.xml"])
      expect(runner.read(`holdfast-small/${file}`), file).not.toBe("");

    // Without a base there is nothing to compare with, and the plan is made all the same.
    rmSync(join(scratch, "reports-base"), { recursive: true });
    const alone = await runner.bash(script(plan), {
      ...plan?.variables,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: "0".repeat(40),
    });
    expect([alone.code, runner.read("holdfast-small/comparison.json")]).toEqual([1, ""]);
    expect(runner.read("holdfast-small/plan.json")).not.toBe("");
  });
});

describe("the note on a merge request", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** A GitLab with one merge request and pages of two notes. */
  async function gitlab(notes: { id: number; system: boolean; body: string }[], token: string): Promise<string> {
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (more: Buffer) => (text += more.toString()));
      request.on("end", () => {
        const url = new URL(request.url ?? "", "http://127.0.0.1");
        const [, id] = /^\/api\/v4\/projects\/5\/merge_requests\/7\/notes(?:\/(\d+))?$/.exec(url.pathname) ?? [];
        const page = Number(url.searchParams.get("page") ?? "1");
        if (request.headers["private-token"] !== token) {
          response.writeHead(401).end("401 Unauthorized");
          return;
        }
        if (request.method === "GET") {
          const next = page * 2 < notes.length ? { "x-next-page": String(page + 1) } : {};
          response.writeHead(200, next).end(JSON.stringify(notes.slice(page * 2 - 2, page * 2)));
          return;
        }
        const { body } = JSON.parse(text) as { body: string };
        const own = notes.find((one) => one.id === Number(id));
        if (request.method === "PUT" && own !== undefined) own.body = body;
        else if (request.method === "POST" && id === undefined)
          notes.push({ id: notes.length + 1, system: false, body });
        else response.statusCode = 404;
        response.end("{}");
      });
    });
    servers.push(server);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`;
  }

  it("is written once, updated with every push, and found on a later page", async () => {
    const notes = [
      { id: 1, system: true, body: "<!-- holdfast small -->" },
      { id: 2, system: false, body: "<!-- holdfast prod -->\nanother environment" },
      { id: 3, system: false, body: "looks good" },
    ];
    const others = structuredClone(notes);
    const CI_API_V4_URL = await gitlab(notes, "token");
    const folder = mkdtempSync(join(scratch, "note-"));
    const env = { CI_API_V4_URL, CI_PROJECT_ID: "5", CI_MERGE_REQUEST_IID: "7", HOLDFAST_NOTE_TOKEN: "token" };
    const runner = new StepRunner(folder, {}, env);
    mkdirSync(join(folder, "holdfast-small"));
    for (const text of ['<!-- holdfast small -->\nfirst "$(quoted)" `text`\n', "<!-- holdfast small -->\nsecond\n"]) {
      writeFileSync(join(folder, "holdfast-small/comment.md"), text);
      expect(await runner.bash(script(note), note?.variables)).toEqual({ code: 0, said: "" });
      expect(notes).toEqual([...others, { id: 4, system: false, body: text }]);
    }
    const refused = await runner.bash(script(note), { ...note?.variables, HOLDFAST_NOTE_TOKEN: "wrong" });
    expect(refused).toEqual({ code: 1, said: expect.stringContaining("401 Unauthorized") as string });
    const without = await runner.bash(script(note), { ...note?.variables, HOLDFAST_NOTE_TOKEN: "" });
    expect(without).toEqual({ code: 0, said: expect.stringContaining("in the artefacts only") as string });
  });
});
