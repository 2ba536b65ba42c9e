import { durationSeconds } from "@holdfast/core";
import type { ObservabilitySpec } from "./observability-spec";

/** What a number rests on, for whoever wants to check it. */
export interface StorageSize {
  readonly series: number;
  readonly volumeGiB: number;
  /** What Prometheus may fill, GiB; the rest is for its write-ahead log, Grafana and Alertmanager. */
  readonly prometheusGiB: number;
}

/** Series per source: a vLLM engine has 350 to 500; HAProxy scraped with two backends had 690; node exporter 600 to 1,000; per GPU about 40. */
const seriesOf = { engine: 500, gateway: 700, gatewayFleet: 600, host: 1000, gpu: 60, rules: 1500 } as const;
const scrapeSeconds = 15;
/** Prometheus' documentation gives one to two bytes per sample; two, to be on the safe side. */
const bytesPerSample = 2;
const gib = 1024 ** 3;

/** Room for the measurements: series x samples x bytes, and as much again for growth. */
export function storageSize(spec: ObservabilitySpec): StorageSize {
  const { fleets, gateway, retention } = spec;
  const hosts = fleets.reduce((sum, fleet) => sum + fleet.hosts, 0) + gateway.hosts + 1;
  const engines = fleets.reduce((sum, fleet) => sum + fleet.replicas, 0);
  const gpus = fleets.reduce((sum, fleet) => sum + fleet.replicas * fleet.gpusPerReplica, 0);
  const series =
    engines * seriesOf.engine +
    gateway.hosts * (seriesOf.gateway + fleets.length * seriesOf.gatewayFleet) +
    hosts * seriesOf.host +
    gpus * seriesOf.gpu +
    seriesOf.rules;
  const samples = (series * durationSeconds(retention)) / scrapeSeconds;
  const needed = (2 * samples * bytesPerSample) / gib;
  const volumeGiB = spec.volumeGiB ?? Math.max(20, Math.ceil(needed / 0.8 / 10) * 10);
  return { series, volumeGiB, prometheusGiB: Math.floor(volumeGiB * 0.8) };
}
