const aws = require("@pulumi/aws");

const vpc = new aws.ec2.Vpc("closed", { cidrBlock: "10.1.0.0/16" });
new aws.ec2.DefaultSecurityGroup("closed-default", { vpcId: vpc.id });
new aws.ec2.Vpc("loose", { cidrBlock: "10.2.0.0/16" });

const vault = new aws.backup.Vault("vault", {}, { protect: true });
const rule = {
  ruleName: "daily",
  targetVaultName: vault.name,
  schedule: "cron(0 3 * * ? *)",
  lifecycle: { deleteAfter: 35 },
};
const used = new aws.backup.Plan("used", { rules: [rule] });
new aws.backup.Plan("idle", { rules: [rule] });
new aws.backup.Selection("selection", {
  planId: used.id,
  iamRoleArn: "arn:aws:iam::111122223333:role/backup",
  resources: ["arn:aws:s3:::*"],
});

new aws.s3.Bucket("protected", {}, { protect: true });
new aws.s3.Bucket("kept", {}, { retainOnDelete: true });
new aws.s3.Bucket("bare", {});
