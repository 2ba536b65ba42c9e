/**
 * Runs a quantisation job inside its container: `python3 -I run.py job.json`. Python's standard library alone, which the image of
 * llama.cpp has.
 *
 * It proves the source file by file, runs the steps, tries every result, and only then moves whole model versions into their places;
 * whatever goes wrong before that leaves nothing. Exits 0 when all is published, 1 when a check failed, 2 when the job cannot run here.
 */
export const quantisationScript = `#!/usr/bin/env python3
"""Runs a quantisation job: verifies the source, runs the steps, tries the results, publishes all of them or none."""
import datetime, fcntl, hashlib, json, os, re, shutil, signal, subprocess, sys, time

FAILED, CANNOT = 1, 2
licence_file = re.compile(r"(^|/)(LICENSE|NOTICE|USE_POLICY)(\\.(txt|md))?$")
counted = re.compile(rb"(?<!prompt )eval time = +[0-9.]+ ms / +([0-9]+) runs")
running, starting, told = None, False, None


class Stop(Exception):
    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


def say(text):
    print("quantise: " + text, file=sys.stderr, flush=True)


def interrupted(number, _frame):
    global told
    told = told or Stop(128 + number, "ended by signal %d; nothing is published" % number)
    # A program that is just being started is not known yet, and would be left behind.
    if not starting:
        raise told


def digest(path):
    total = hashlib.sha256()
    with open(path, "rb") as handle:
        for chunk in iter(lambda: handle.read(1 << 20), b""):
            total.update(chunk)
    return total.hexdigest()


def sync(path):
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="\\n") as handle:
        handle.write(text)


def plain_files(folder):
    """Relative paths of all files. A link, or anything else that is neither file nor folder, is refused: it can lead out."""
    found = []
    for base, folders, names in os.walk(folder):
        for name in folders + names:
            full = os.path.join(base, name)
            if os.path.islink(full) or not (os.path.isdir(full) or os.path.isfile(full)):
                raise Stop(FAILED, "%s is neither a file nor a folder" % os.path.relpath(full, folder))
        found += [os.path.relpath(os.path.join(base, name), folder) for name in names]
    return sorted(found)


def verify_source(job):
    """Every file is the one of the manifest, and no other is there: a converter reads whatever lies in the folder."""
    folder, expected = job["places"]["model"], {entry["path"]: entry for entry in job["source"]["files"]}
    found, wrong = plain_files(folder), []
    wrong += ["%s is missing" % path for path in sorted(expected) if path not in found]
    wrong += ["%s is not in the manifest" % path for path in found if path not in expected]
    for path in found:
        full = os.path.join(folder, path)
        if path in expected:
            if os.path.getsize(full) != expected[path]["bytes"]:
                wrong.append("%s has %d bytes, the manifest says %d" % (path, os.path.getsize(full), expected[path]["bytes"]))
            elif digest(full) != expected[path]["sha256"]:
                wrong.append("%s has another content than the manifest says" % path)
    if wrong:
        raise Stop(FAILED, "the source is not %s %s: %s" % (job["source"]["model"], job["source"]["version"], "; ".join(wrong)))


def check_place(job):
    """All that would stop the job later, at once."""
    work, wrong = job["places"]["work"], []
    if os.getuid() == 0:
        wrong.append("runs as root: give the container the user %d" % job["user"]["uid"])
    for result in job["results"]:
        if os.path.lexists(os.path.join(work, result["folder"])):
            wrong.append("%s is there already; a version never changes: take another name" % result["folder"])
    free = shutil.disk_usage(work).free
    if free < job["diskBytes"]:
        wrong.append("needs %d bytes, %d are free under %s" % (job["diskBytes"], free, work))
    if wrong:
        raise Stop(CANNOT, "; ".join(wrong))


def environment(job):
    # No proxy, token or library path of whoever starts this reaches a tool. Some look the user up by name: there is no entry for it.
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": job["places"]["temporary"], "TMPDIR": job["places"]["temporary"],
        "USER": "holdfast", "LC_ALL": "C.UTF-8", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def start(step, job, out, err):
    global running, starting
    starting = True
    try:
        running = subprocess.Popen(step["argv"], stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment(job))
    except OSError as error:
        raise Stop(CANNOT, "%s: %s cannot be started: %s" % (step["name"], step["argv"][0], error.strerror))
    finally:
        starting = False
    if told is not None:
        raise told
    code = running.wait()
    running = None
    return code


def run_tool(step, job):
    code = start(step, job, sys.stderr, sys.stderr)
    if code != 0:
        raise Stop(FAILED, "%s ended with %d" % (step["name"], code))
    try:
        with open(step["file"], "rb") as handle:
            magic = handle.read(4)
    except OSError:
        raise Stop(FAILED, "%s wrote no %s" % (step["name"], step["file"]))
    if magic != b"GGUF":
        raise Stop(FAILED, "%s: what it wrote is no GGUF file" % step["name"])


def try_out(step, job, stage):
    """A generation of the asked length. Returns what the manifest says about it."""
    said, log = os.path.join(stage, "said"), os.path.join(stage, "log")
    with open(said, "wb") as out, open(log, "wb") as err:
        code = start(step, job, out, err)
    with open(said, "rb") as out, open(log, "rb") as err:
        text, complaints = out.read(), err.read()
    os.remove(said)
    os.remove(log)
    wrong = []
    if code != 0:
        wrong.append("ended with %d" % code)
    # The first token comes out of reading the prompt, each other takes one run.
    runs = counted.findall(complaints + text)
    tokens = int(runs[-1]) + 1 if runs else 0
    if tokens != step["tokens"]:
        wrong.append("generated %s tokens, %d were asked for" % (tokens if runs else "an unknown number of", step["tokens"]))
    characters = set(text.decode("utf-8", "replace").split())
    if not characters:
        wrong.append("said nothing")
    elif len(set("".join(characters))) == 1:
        wrong.append("said one character over and over, which is what broken numbers look like")
    if wrong:
        sys.stderr.buffer.write(complaints[-4000:] + b"\\n")
        raise Stop(FAILED, "%s: %s" % (step["name"], "; ".join(wrong)))
    return {"tokens": tokens, "seed": step["seed"], "text": hashlib.sha256(text).hexdigest()}


def lay_out(result, job, stage, tried, day):
    """The whole folder of a version, beside its place: files, manifest, checksums. Read-only and on the disk."""
    folder = os.path.join(stage, "versions", result["format"])
    files = os.path.join(folder, "files")
    os.makedirs(files)
    os.rename(result["made"], os.path.join(files, result["file"]))
    for entry in job["source"]["files"]:
        # A licence goes with the weights; everything else is inside the GGUF file.
        if licence_file.search(entry["path"]):
            target = os.path.join(files, entry["path"])
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(os.path.join(job["places"]["model"], entry["path"]), target)
    manifest = result["manifest"]
    manifest["provenance"]["retrieved"] = day
    if tried is not None:
        manifest["provenance"]["making"]["tried"] = tried
    manifest["files"] = [
        {"path": path, "bytes": os.path.getsize(os.path.join(files, path)), "sha256": digest(os.path.join(files, path))}
        for path in plain_files(files)
    ]
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\\n"
    write(os.path.join(folder, "manifest.json"), text)
    write(os.path.join(folder, "checksums.txt"), "".join("%s  %s\\n" % (one["sha256"], one["path"]) for one in manifest["files"]))
    for base, _folders, names in os.walk(folder, topdown=False):
        for name in names:
            os.chmod(os.path.join(base, name), 0o444)
            sync(os.path.join(base, name))
        sync(base)
    return folder, hashlib.sha256(text.encode("utf-8")).hexdigest()


def publish(job, made):
    """One rename for each version: it is there whole or not at all. What was moved goes back when a later one cannot be."""
    work, moved = job["places"]["work"], []
    try:
        for result, folder, _manifest in made:
            target = os.path.join(work, result["folder"])
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.lexists(target):
                raise Stop(CANNOT, "%s has appeared meanwhile" % result["folder"])
            os.rename(folder, target)
            moved.append((target, folder))
            sync(os.path.dirname(target))
    except BaseException:
        for target, folder in reversed(moved):
            os.rename(target, folder)
        raise


def work_through(job, stage):
    began, tried = time.monotonic(), {}
    for number, step in enumerate(job["steps"], 1):
        say("step %d of %d, after %d s: %s" % (number, len(job["steps"]), time.monotonic() - began, step["name"]))
        if step["kind"] == "try":
            tried[step["format"]] = try_out(step, job, stage)
        else:
            run_tool(step, job)
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    made = []
    for result in job["results"]:
        folder, manifest = lay_out(result, job, stage, tried.get(result["format"]), day)
        made.append((result, folder, manifest))
    # From here on a signal waits: it is done in a moment.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    publish(job, made)
    return [{"folder": result["folder"], "format": result["format"], "manifest": manifest} for result, _folder, manifest in made]


def main():
    with open(sys.argv[1], encoding="utf-8") as handle:
        job = json.load(handle)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    stage = job["places"]["stage"]
    lock = open(stage + ".lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Stop(CANNOT, "another job works in %s" % job["places"]["work"])
    # What a job left here that was cut off is nobody's.
    shutil.rmtree(stage, ignore_errors=True)
    check_place(job)
    say("verifying the %d files of the source" % len(job["source"]["files"]))
    verify_source(job)
    os.makedirs(stage)
    try:
        published = work_through(job, stage)
    finally:
        if running is not None:
            running.kill()
            running.wait()
        shutil.rmtree(stage, ignore_errors=True)
    for one in published:
        say("published %s, manifest %s" % (one["folder"], one["manifest"]))
    print(json.dumps({"published": published}))


try:
    main()
except Stop as stop:
    say("STOPPED: %s" % stop)
    sys.exit(stop.code)
except OSError as error:
    say("STOPPED: %s" % error)
    sys.exit(CANNOT)
`;
