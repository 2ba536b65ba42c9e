const pulumi = require("@pulumi/pulumi");
const secretsmanager = require("@pulumi/aws/secretsmanager");
const ssm = require("@pulumi/aws/ssm");

const config = new pulumi.Config();
const password = config.requireSecret("password");
const secret = new secretsmanager.Secret("password", { recoveryWindowInDays: 7 }, { protect: true });
new secretsmanager.SecretVersion("password", { secretId: secret.id, secretString: password });
new ssm.Parameter("token", {
  type: "SecureString",
  value: config.requireSecretObject("nested").apply(({ token }) => token),
  // The mistake that a rehearsal has to find.
  description: pulumi.getStack() === "careless" ? pulumi.unsecret(password) : "a token",
});
