import { loadTime } from "../advice/storage";

/** Seconds from the decision to add a host to its first token, by component. */
export interface ColdStart {
  readonly components: readonly { readonly what: string; readonly seconds: number; readonly source: string }[];
  readonly seconds: number;
}

export interface ColdStartNeed {
  readonly weightsBytes: number;
  /** Compressed size of the engine's image, decimal GB. @default 10 */
  readonly imageGb?: number;
  /** The image is on the machine image or a snapshot. @default false */
  readonly imageCached?: boolean;
  /** Sustained network of the instance, Gb/s. */
  readonly networkGbps: number;
  /** Read rate of the local disks, decimal MB/s. @default 3500 */
  readonly diskMBps?: number;
  /** Weights stream straight to the GPUs instead of over the disk. @default false */
  readonly stream?: boolean;
  /** The compile cache is warm. @default false */
  readonly compileCached?: boolean;
  /** Host is running already and its group keeps it stopped or warm. @default false */
  readonly warmPool?: boolean;
}

/** Image pulls are limited by unpacking, not by the network: 13 GB in 571 s published, faster with large disks. MB/s. */
const unpackMBps = 60;

/** Cold start from published component times; each says where it is from. */
export function coldStart(need: ColdStartNeed): ColdStart {
  const { weightsBytes, imageGb = 10, networkGbps, diskMBps = 3500 } = need;
  const transfer = loadTime(weightsBytes, { networkGbps: networkGbps * 0.8 });
  const read = loadTime(weightsBytes, { diskMBps });
  const components = [
    need.warmPool === true
      ? { what: "host from the warm pool", seconds: 20, source: "stopped instance to running, handbook 9" }
      : {
          what: "host",
          seconds: 60,
          source: "EC2 launch and registration about 30 s, driver and services as much again, handbook 9",
        },
    {
      what: "engine image",
      seconds: need.imageCached === true ? 0 : (imageGb * 1000) / unpackMBps,
      source:
        need.imageCached === true
          ? "on the machine image"
          : `${imageGb} GB at ${unpackMBps} MB/s, limited by unpacking`,
    },
    {
      what: "weights from the store",
      seconds: transfer.seconds,
      source: `${(weightsBytes / 1e9).toFixed(1)} GB at 80 % of ${networkGbps} Gb/s`,
    },
    {
      what: "weights into the GPUs",
      seconds: need.stream === true ? 0 : read.seconds,
      source: need.stream === true ? "streamed while they arrive" : `${diskMBps} MB/s from local disks`,
    },
    {
      what: "engine: profile and compile",
      seconds: need.compileCached === true ? 12 : 50,
      source: "13.7 to 70 s published; a warm compile cache takes about 40 s off",
    },
    { what: "first inference and registration", seconds: 10, source: "health by inference, two probes of 5 s" },
  ];
  return { components, seconds: components.reduce((sum, one) => sum + one.seconds, 0) };
}
