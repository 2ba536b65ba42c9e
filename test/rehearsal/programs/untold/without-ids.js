// Loaded before the stand-in for aws: it then tells no ids among the outputs.
const { dirname, join } = require("node:path");

const { AwsStandIn } = require(join(dirname(process.argv[1]), "aws-stand-in.js"));
const create = AwsStandIn.prototype.create;
AwsStandIn.prototype.create = async function (...args) {
  const { id, outputs } = await create.apply(this, args);
  return { id, outputs: Object.fromEntries(Object.entries(outputs).filter(([name]) => name !== "id")) };
};
