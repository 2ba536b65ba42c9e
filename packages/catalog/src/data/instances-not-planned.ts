import type { InstanceRecord } from "../instance";

/*
 * EC2's answers about g6f and gr6f: 0 whole GPUs, one logical GPU, and which part of an L4 it is. The driver shows them as vGPUs
 * (`NVIDIA L4-3Q`, `-6Q`, `-12Q`) of 3, 6 and 12 GiB; EC2 says 2,861, 5,722 and 11,444 MiB, and the smaller figure is held.
 */
const partOfAnL4 = {
  gpu: "l4",
  gpus: 1,
  efaInterfaces: 0,
  networkCards: 1,
  notPlanned:
    "it has a part of an L4 (NVIDIA vGPU): nobody has measured what bandwidth and compute a part gives, and its hosts need NVIDIA's GRID driver 18.4 to 19.5, which the default image does not have",
  source:
    "moto 5.2.5 (PyPI, Apache-2.0) ec2/resources/instance_types.json.gz: what DescribeInstanceTypes returned; driver: EC2 User Guide, NVIDIA drivers for your Amazon EC2 instance, considerations for GRID drivers",
  asOf: "2026-10-27",
} as const;

/** Types that EC2 sells and no plan uses, each with the reason. */
export const instancesNotPlanned: readonly InstanceRecord[] = [
  {
    ...partOfAnL4,
    type: "g6f.large",
    gpuShare: 0.125,
    gpuMiB: 2861,
    vcpus: 2,
    memoryMiB: 8192,
    networkMbps: 1500,
    ebsMbps: 5000,
    localNvmeGb: 100,
  },
  {
    ...partOfAnL4,
    type: "g6f.xlarge",
    gpuShare: 0.125,
    gpuMiB: 2861,
    vcpus: 4,
    memoryMiB: 16_384,
    networkMbps: 2500,
    ebsMbps: 5000,
    localNvmeGb: 100,
  },
  {
    ...partOfAnL4,
    type: "g6f.2xlarge",
    gpuShare: 0.25,
    gpuMiB: 5722,
    vcpus: 8,
    memoryMiB: 32_768,
    networkMbps: 5000,
    ebsMbps: 5000,
    localNvmeGb: 200,
  },
  {
    ...partOfAnL4,
    type: "g6f.4xlarge",
    gpuShare: 0.5,
    gpuMiB: 11_444,
    vcpus: 16,
    memoryMiB: 65_536,
    networkMbps: 10_000,
    ebsMbps: 6000,
    localNvmeGb: 450,
  },
  {
    ...partOfAnL4,
    type: "gr6f.4xlarge",
    gpuShare: 0.5,
    gpuMiB: 11_444,
    vcpus: 16,
    memoryMiB: 131_072,
    networkMbps: 10_000,
    ebsMbps: 8000,
    localNvmeGb: 450,
  },
  {
    type: "p6e-gb200.36xlarge",
    gpu: "gb200",
    gpus: 4,
    gpuMiB: 189_471,
    vcpus: 144,
    memoryMiB: 983_040,
    networkMbps: 1_600_000,
    ebsMbps: 60_000,
    localNvmeGb: 22_500,
    efaInterfaces: 8,
    networkCards: 17,
    firstCardMbps: 100_000,
    notPlanned:
      "it is sold only as an UltraServer of 9 or 18 such hosts (u-p6e-gb200x36, u-p6e-gb200x72) in a capacity block of the Dallas local zone, and its hosts are arm64, which no image here is",
    unverified: [
      "efaInterfaces: eight adapters of 400 Gb/s are documented, two of which share a GPU's 400 Gb/s; MaximumEfaInterfaces was not read",
      "firstCardMbps",
    ],
    note: "EC2's table of the network says 3,200 Gb/s; the cards give at most 1,600 Gb/s of EFA, which times 18 hosts is the 28.8 Tb/s that AWS states for the UltraServer, so 1,600 is held; GPU memory: ai-dynamo/aiconfigurator@095f58a systems/gb200.yaml (EC2's table: 740 GiB in all)",
    source:
      "docs.aws.amazon.com/ec2/latest/instancetypes/ac.html and AWSEC2/latest/UserGuide/efa-acc-inst-types.html, as quoted on 2026-08-01; agrees with the instances.vantage.sh listing of 2026-08-26, through tsaol/aws-gpu@18aebd1 data/p6e-gb200_instances.js",
    asOf: "2026-08-26",
  },
];
