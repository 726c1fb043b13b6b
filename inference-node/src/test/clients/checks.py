"""What a script checks of a client, one by one. The last line it prints is a JSON list of {check, ok, error}."""
import json
import time
import traceback
import urllib.request

_sections = {}


def section(name):
    """Registers a function as a section of checks, which runs only where it is asked for. It is given what runs one check."""
    def register(body):
        _sections[name] = body
        return body
    return register


def run(wanted):
    """Runs the sections that are named, in the order in which they were registered."""
    unknown = [name for name in wanted if name not in _sections]
    if unknown:
        raise SystemExit(f"there is no section {unknown}")
    results = []
    for name, body in _sections.items():
        if name in wanted:
            body(lambda title: _Check(f"{name}: {title}", results))
    print(json.dumps(results))


class _Check:
    """One check; what it raises is its result, and the next check runs all the same."""

    def __init__(self, name, results):
        self.name = name
        self.results = results

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            self.results.append({"check": self.name, "ok": True})
        elif isinstance(error, Exception):
            text = "".join(traceback.format_exception(kind, error, trace))
            self.results.append({"check": self.name, "ok": False, "error": text[-4000:]})
        else:
            return False
        return True


class raises:
    """Expects an exception of a kind in its block and keeps it as .error."""

    def __init__(self, kind):
        self.kind = kind
        self.error = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is None:
            raise AssertionError(f"expected {self.kind.__name__}, and there was none")
        self.error = error
        return isinstance(error, self.kind)


def idle(root, model, seconds=60):
    """Waits until the node at root has no request of model at work."""
    end = time.monotonic() + seconds
    while _running(root, model) != 0:
        if time.monotonic() > end:
            raise AssertionError(f"{model} is still at work after {seconds} s")
        time.sleep(0.05)


def _running(root, model):
    with urllib.request.urlopen(f"{root}/metrics", timeout=30) as answer:
        for line in answer.read().decode().splitlines():
            if "num_requests_running{" in line and f'"{model}"' in line:
                return float(line.split()[-1])
    raise AssertionError(f"no num_requests_running of {model}")
