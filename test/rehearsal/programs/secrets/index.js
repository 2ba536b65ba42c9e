const { Buffer } = require("node:buffer");
const pulumi = require("@pulumi/pulumi");
const ec2 = require("@pulumi/aws/ec2");
const s3 = require("@pulumi/aws/s3");
const secretsmanager = require("@pulumi/aws/secretsmanager");
const ssm = require("@pulumi/aws/ssm");

const config = new pulumi.Config();
const stack = pulumi.getStack();
const password = config.requireSecret("password");
const token = config.requireSecretObject("nested").apply((nested) => nested.token);
const secret = new secretsmanager.Secret("password", { recoveryWindowInDays: 7 }, { protect: true });
new secretsmanager.SecretVersion("password", { secretId: secret.id, secretString: password });
new ssm.Parameter("token", {
  type: "SecureString",
  value: token,
  // The mistake that the state shows.
  description: stack === "everywhere" ? pulumi.unsecret(password) : "a token",
});
if (stack === "everywhere") {
  // Each in a place of its own: the state and the events keep these secret, and whoever may read the text reads them.
  const bucket = new s3.Bucket("files");
  new s3.BucketObjectv2("script", {
    bucket: bucket.bucket,
    key: "start.sh",
    content: pulumi.interpolate`x=${password}`,
  });
  const userData = token.apply((text) => Buffer.from(`#!/bin/sh\nexport TOKEN=${text}\n`).toString("base64"));
  new ec2.LaunchTemplate("hosts", { userData });
  // In clear the engine would hide it by itself.
  token.apply((text) => console.log(`Authorization: Basic ${Buffer.from(`user:${text}`).toString("base64")}`));
}
