import { families, union } from "../../rule/families";
import { fail, notInPlan } from "../../rule/outcome";
import { resourceRule } from "../../rule/rule";

const everyone = [
  "http://acs.amazonaws.com/groups/global/AllUsers",
  "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
];

export const llmNet015 = resourceRule({
  id: "LLM-NET-015",
  title: "No access control list opens a bucket",
  word: "MUST",
  source: ["POL-R03"],
  looksAt: "the acl of buckets and the grants of bucket ACL resources, under every type token",
  remedy: "remove the ACL and set the bucket's ownership to BucketOwnerEnforced",
  controls: "exposure",
  anchors: ["CKV_AWS_20", "CKV_AWS_57", "AWS-0092", "S3.2", "S3.3"],
  doc: "Authenticated users of an ACL are all users of all AWS accounts, so that group counts as public.",
  types: union(families.bucket, families.bucketAcl),
  *check({ inputs }) {
    const acl = inputs.at("acl");
    if (acl.unknown) yield notInPlan(acl, "whether the bucket is public");
    else if (acl.text?.startsWith("public-") === true || acl.text === "authenticated-read")
      yield fail(acl, `the ACL "${acl.text}" opens the bucket to everyone`);
    for (const grant of [...inputs.at("grants").items(), ...inputs.in("accessControlPolicy", "grants").items()]) {
      const uri = grant.at("uri").absent ? grant.in("grantee", "uri") : grant.at("uri");
      if (uri.unknown) yield notInPlan(uri, "who is granted access");
      else if (uri.text !== undefined && everyone.includes(uri.text))
        yield fail(uri, "a grant opens the bucket to everyone");
    }
  },
});
