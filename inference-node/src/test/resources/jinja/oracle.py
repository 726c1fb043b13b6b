"""Fills in what Python's jinja2 (3.1.6), set up as Hugging Face's apply_chat_template does, renders for each entry of snippets.json.

Run by hand after adding entries: pip install jinja2==3.1.6; python oracle.py. An entry is {"template", "variables"?} and gets "expected", or
"error" where Python refuses.
"""
import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox
from jinja2 import nodes


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_support"), [], [], body).set_lineno(line)

    def _support(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda f: datetime.datetime(2026, 11, 26, 9, 5, 7).strftime(f)
    return env


def main():
    path = pathlib.Path(__file__).with_name("snippets.json")
    entries = json.loads(path.read_text("utf-8"))
    for entry in entries:
        entry.pop("expected", None)
        entry.pop("error", None)
        try:
            entry["expected"] = environment().from_string(entry["template"]).render(entry.get("variables", {}))
        except Exception as e:
            entry["error"] = f"{type(e).__name__}: {e}"
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    path.write_text("[\n" + lines + "\n]\n", "utf-8")


if __name__ == "__main__":
    main()
