/**
 * What moto's server lacks to be one of our processes, as a `sitecustomize` module that Python runs before it. Nothing that moto answers is
 * changed: the server's start, which is werkzeug's, is given an application that
 * - lets requests through one at a time: moto's state knows no locks, and a list that one request walks through while another deletes from it
 *   ends in an error 500 or a lost entry (moto 5.2.1, S3 ListObjectVersions beside DeleteObject; seen on 2026-11-21);
 * - says for each request that ends in an error which one it was;
 * - ends when the other end of its standard input does, so that it outlives nobody who was killed, and takes its folder with it.
 * Two questions whose answers never change, which moto 5.2.1 works out several times for each request, are asked once: which folders its
 * package has, and which methods a class. They were a third of what it does for a whole stack (seen on 2026-11-22).
 */
export const serverHook = `
import functools, importlib, os, shutil, sys, threading


def end_with_parent():
    while sys.stdin.buffer.read(4096):
        pass
    shutil.rmtree(os.getcwd(), ignore_errors=True)
    os._exit(0)


class OneAtATime:
    def __init__(self, app):
        self.app = app
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        said = []

        def start(status, headers, *more):
            said.append(status)
            return start_response(status, headers, *more)

        # A request that moto itself would make to this server would wait for its own end: never for ever.
        held = self.lock.acquire(timeout=60)
        try:
            answer = self.app(environ, start)
            try:
                return list(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        finally:
            if held:
                self.lock.release()
            attempt = environ.get("HTTP_AMZ_SDK_REQUEST", "")
            failed = not said or said[-1][:1] in ("4", "5")
            # A second attempt whose first one was answered well: the answer was lost on its way.
            if failed or attempt[:9] not in ("", "attempt=1"):
                target = environ.get("HTTP_X_AMZ_TARGET") or environ.get("PATH_INFO", "")
                what = (environ.get("REQUEST_METHOD"), target, environ.get("QUERY_STRING", ""), said[-1] if said else "failed")
                print("holdfast: not ok:" if failed else "holdfast: asked again:", *what, attempt, file=sys.stderr, flush=True)


def ask_once(module, name):
    try:
        asked = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        return  # Another moto, which may ask otherwise.
    answer = functools.lru_cache(maxsize=None)(lambda *about: tuple(asked(*about)))
    setattr(sys.modules[module], name, answer)


def hook():
    import werkzeug.serving

    run = werkzeug.serving.run_simple

    def run_one_at_a_time(hostname, port, application, *args, **options):
        threading.Thread(target=end_with_parent, daemon=True).start()
        ask_once("moto.backends", "list_of_moto_modules")
        ask_once("moto.core.responses", "method_names_from_class")
        print("holdfast: one request at a time", file=sys.stderr, flush=True)
        return run(hostname, port, OneAtATime(application), *args, **options)

    werkzeug.serving.run_simple = run_one_at_a_time


hook()
`;

/** What the server prints when the hook is in its place. */
export const hooked = "holdfast: one request at a time";
