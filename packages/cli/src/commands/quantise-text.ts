import { ggufLevels, type WeightFormat } from "@holdfast/catalog";
import {
  quantisationDockerCommand,
  type DockerPlaces,
  type QuantisationJob,
  type QuantisationNeeds,
} from "@holdfast/storage";
import { plainTable, tableText } from "../report/plain-table";
import type { Terminal } from "../terminal";

type Colours = Terminal["colours"];

/** What a job would do, for a person who has not decided yet. */
export function jobText(job: QuantisationJob, places: Omit<DockerPlaces, "job">, colours: Colours): string {
  const { source } = job;
  const versions = plainTable(["version", "GB", "quality loss"], [0, 2]);
  for (const { version, bytes, format } of job.results) versions.push([version, giga(bytes), loss(format)]);
  const steps = job.steps.map(({ name, argv }, index) => `  ${index + 1}. ${name}\n     ${commandText(argv)}`);
  const docker = commandText([
    "docker",
    ...quantisationDockerCommand(job, { ...places, job: "<folder with run.py and job.json>" }),
  ]);
  return [
    `${colours.bold(`Quantise ${source.model} ${source.version}`)} (manifest ${source.manifest})\n`,
    tableText(versions),
    `\ndisk ${giga(job.diskBytes)} GB, memory ${job.memoryBytes / 2 ** 30} GiB, ${job.cpus} processors`,
    `image ${job.image}\n`,
    "First every file of the source is held against its manifest. Then, without a network and as an ordinary user:",
    ...steps,
    "Only when every try-out has passed do the versions appear, each in one step, with a manifest that waits for approval.",
    ...job.notes.map((note) => `${colours.yellow("note:")} ${note}`),
    `\n${docker}\n`,
    "--run does it here, --kubernetes prints it for a cluster, --json prints the job.",
    "",
  ].join("\n");
}

/** What a model of the catalogue would take. */
export function outlookText(
  model: string,
  formats: readonly WeightFormat[],
  needs: QuantisationNeeds,
  colours: Colours,
): string {
  const table = plainTable(["format", "GB", "quality loss"], [0, 2]);
  for (const format of formats) table.push([format, giga(needs.fileBytes[format] ?? 0), loss(format)]);
  return [
    `${colours.bold(`Quantising ${model}`)} would take ${giga(needs.diskBytes)} GB of disk and ${needs.memoryBytes / 2 ** 30} GiB of memory\n`,
    tableText(table),
    "",
    ...needs.arithmetic.map((line) => `- ${line}`),
    "",
    "To do it, give the folder of a version with manifest.json and files/, as in a model store.",
    "",
  ].join("\n");
}

/** Words as a shell reads them, for people to read and copy. */
export function commandText(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(" ");
}

function loss(format: WeightFormat): string {
  return `${ggufLevels.find((level) => level.format === format)?.qualityLoss ?? "unknown"} (approximate)`;
}

function giga(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
