const { ModelStore } = require("@holdfast/storage");

const store = new ModelStore("models", {
  region: "eu-central-1",
  backup: { retentionDays: 35 },
  tags: { environment: "test" },
});

module.exports = { bucket: store.bucketName };
