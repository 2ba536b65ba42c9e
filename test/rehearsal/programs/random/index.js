const pulumi = require("@pulumi/pulumi");

/** As `@pulumi/random` has it; that package is no dependency here. */
class RandomString extends pulumi.CustomResource {
  constructor(name, args) {
    super("random:index/randomString:RandomString", name, { result: undefined, ...args }, { version: "4.18.0" });
  }
}
module.exports = { name: new RandomString("name", { length: 8 }).result };
