const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const s3 = require("@pulumi/aws/s3");
const pulumi = require("@pulumi/pulumi");

const config = new pulumi.Config();
const tags = { team: "platform" };

const vpc = new ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16", tags });
new ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: config.get("subnet") ?? "10.0.1.0/24" });
new lb.TargetGroup("hosts", {
  vpcId: vpc.id,
  port: 8080,
  protocol: "HTTP",
  healthCheck: { protocol: config.get("healthCheck") ?? "HTTP" },
});
const bucket = new s3.Bucket("bucket", { tags: { ...tags, ...config.getObject("tags") } });
const file = new s3.BucketObjectv2("file", { bucket: bucket.bucket, key: "a/file.txt", content: "text" });
new s3.BucketPolicy("policy", {
  bucket: bucket.bucket,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: bucket.arn }],
  }),
});

module.exports = { bucket: bucket.bucket, key: file.key, owner: vpc.ownerId };
