import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

export const llmAuth006 = resourceRule({
  id: "LLM-AUTH-006",
  title: "Redis and Valkey ask who is there",
  word: "MUST",
  source: ["SEC-R04"],
  looksAt: "tokens and user groups of replication groups, password rules of users, and the command of Redis containers",
  remedy:
    "name a user group with passwords or IAM, or set an authentication token; in a container read the password from a file",
  controls: "identity",
  anchors: ["ElastiCache.6", "CKV_AWS_31"],
  doc: "The write-only form of the token counts, which other tools do not know.",
  types: union(families.redis, families.redisUser, families.dockerContainer),
  applies: ({ resource, inputs }) =>
    !families.dockerContainer.has(resource.type) || /(^|\/)(redis|valkey)([:@]|$)/.test(inputs.at("image").text ?? ""),
  *check({ resource, inputs }) {
    if (families.redisUser.has(resource.type)) {
      const open = inputs.at("noPasswordRequired");
      if (open.unknown) yield notInPlan(open, "whether it needs a password");
      else if (open.flag === true || inputs.in("authenticationMode", "type").text === "no-password-required")
        yield fail(open, "needs no password");
    } else if (families.redis.has(resource.type)) {
      if (["authToken", "authTokenWo", "userGroupIds"].every((key) => inputs.at(key).absent))
        yield fail("authToken", "answers whoever connects: no token and no user group is set");
    } else {
      const command = inputs.at("command");
      if (command.unknown) yield notInPlan(command, "whether it needs a password");
      else if (
        !command
          .texts()
          .some(
            (word) =>
              /^--?(requirepass|aclfile)\b/.test(word) || word.includes("requirepass") || word.endsWith(".conf"),
          )
      )
        yield fail(
          command,
          "answers whoever connects: it is started without requirepass, aclfile or a configuration file",
        );
    }
  },
});
