import { unknownValue, type PropertyValue } from "../../graph/property-value";
import type { RuleExamples } from "../../rule/rule-example";

const template = (ebs: Readonly<Record<string, PropertyValue>>) => ({
  type: "aws:ec2/launchTemplate:LaunchTemplate",
  name: "pool",
  inputs: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }] },
});
const volume = { type: "aws:ebs/volume:Volume", name: "data" };
const byDefault = {
  type: "aws:ebs/encryptionByDefault:EncryptionByDefault",
  name: "default",
  inputs: { enabled: true },
};

export const llmEnc001Examples: RuleExamples = {
  rule: "LLM-ENC-001",
  pass: [
    { name: "a template, as a text", resources: [template({ encrypted: "true", kmsKeyId: unknownValue })], expect: [] },
    { name: "an account that encrypts by default", resources: [volume, byDefault], expect: [] },
    { name: "an assumption", resources: [volume], config: { assumeEbsDefault: true }, expect: [] },
    {
      name: "an instance",
      resources: [
        {
          type: "aws:ec2/instance:Instance",
          name: "host",
          inputs: { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] },
        },
      ],
      expect: [],
    },
  ],
  fail: [
    { name: "a volume that says nothing", resources: [volume], expect: ["fail data encrypted"] },
    {
      name: "a template that says no",
      resources: [template({ encrypted: "false" })],
      expect: ["fail pool blockDeviceMappings[0].ebs.encrypted"],
    },
    {
      name: "a template without disks",
      resources: [{ type: "aws:ec2/launchTemplate:LaunchTemplate", name: "pool" }],
      expect: ["fail pool blockDeviceMappings"],
    },
    {
      name: "the second disk of an instance",
      resources: [
        {
          type: "aws:ec2/instance:Instance",
          name: "host",
          inputs: { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ deviceName: "/dev/sdb" }] },
        },
      ],
      expect: ["fail host ebsBlockDevices[0].encrypted"],
    },
    {
      name: "a launch configuration",
      resources: [
        {
          type: "aws:ec2/launchConfiguration:LaunchConfiguration",
          name: "old",
          inputs: { rootBlockDevice: { encrypted: false } },
        },
      ],
      expect: ["fail old rootBlockDevice.encrypted"],
    },
  ],
  undetermined: [
    {
      name: "an unknown choice",
      resources: [template({ encrypted: unknownValue })],
      expect: ["undetermined pool blockDeviceMappings[0].ebs.encrypted"],
    },
  ],
};
