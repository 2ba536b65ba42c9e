import type { QuantisationJob } from "./quantisation-job";

/** Where things lie on the machine that runs the container. All are absolute paths. */
export interface DockerPlaces {
  /** Folder of the source's files. */
  readonly model: string;
  /** Folder that the results appear in, writable for the job's user. */
  readonly work: string;
  /** Folder with `run.py` (the script) and `job.json` (the job). */
  readonly job: string;
}

/** Bytes of scratch in memory: what Python and its packages put into a temporary folder. */
export const scratchBytes = 256 * 2 ** 20;
/** Processes and threads: the converter's libraries start one per processor and more. */
const processes = 1024;

/**
 * The arguments of `docker` that run a job: no network, nothing of the root file system writable, no capability, no way to gain one,
 * and as much memory as the job needs.
 */
export function quantisationDockerCommand(job: QuantisationJob, places: DockerPlaces): string[] {
  const { model, work, temporary } = job.places;
  const memory = String(job.memoryBytes + scratchBytes);
  return [
    ...["run", "--rm", "--network", "none", "--read-only", "--user", `${job.user.uid}:${job.user.gid}`],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", String(processes)],
    // The same amount with swap: none.
    ...["--memory", memory, "--memory-swap", memory],
    ...["--mount", mount(places.model, model, true)],
    ...["--mount", mount(places.work, work, false)],
    ...["--mount", mount(places.job, "/job", true)],
    ...["--tmpfs", `${temporary}:rw,nosuid,nodev,noexec,size=${scratchBytes},mode=1777`],
    ...["--workdir", temporary, "--entrypoint", job.places.python, job.image, "-I", "/job/run.py", "/job/job.json"],
  ];
}

/** Docker reads mounts as comma-separated values, in which a quoted field may hold a comma. */
function mount(source: string, target: string, readOnly: boolean): string {
  const quoted = /[",]/.test(source) ? `"source=${source.replaceAll('"', '""')}"` : `source=${source}`;
  return `type=bind,${quoted},target=${target}${readOnly ? ",readonly" : ""}`;
}
