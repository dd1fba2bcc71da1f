"""Says which names of the counterparts this interpreter does not have.

On standard input a list of [module, [name, since, until] ..., unlisted], as
counterparts.rs writes it; on standard output a line for each fault.
"""

import importlib
import json
import sys
import types

# Those whose every public name must be in the table, as of the version that it is for.
WHOLE = ("threading", "queue", "concurrent.futures", "multiprocessing", "asyncio")
TABLE_IS_FOR = (3, 15)
# Names of the standard library; others are looked for where they are installed.
STANDARD = WHOLE + (
    "multiprocessing.pool",
    "multiprocessing.shared_memory",
    "multiprocessing.connection",
)


def version(text):
    return tuple(int(part) for part in text.split("."))


def has(module, name):
    """Whether a program can write `module.name`; submodules are imported."""
    thing = importlib.import_module(module)
    path = module
    for part in name.split("."):
        path += "." + part
        if isinstance(thing, (types.FunctionType, types.BuiltinFunctionType)):
            thing = thing()  # Until 3.13, threading.Lock was a function that makes one.
        if not hasattr(thing, part):
            try:
                thing = importlib.import_module(path)
            except ImportError:
                return False
        else:
            thing = getattr(thing, part)
    return True


def main():
    here = sys.version_info[:2]
    for module, names, unlisted in json.load(sys.stdin):
        try:
            public = getattr(importlib.import_module(module), "__all__", [])
        except ImportError as error:
            if module in STANDARD:
                print(f"there is no {module}: {error}")
            continue
        for name, since, until in names:
            there = (since is None or here >= version(since)) and (
                until is None or here < version(until)
            )
            if there != has(module, name):
                print(f"{module}.{name} is {'not there' if there else 'there'}")
        if module in WHOLE and here <= TABLE_IS_FOR:
            known = {name.split(".")[0] for name, _, _ in names} | set(unlisted)
            for name in public:
                if not name.startswith("_") and name not in known:
                    print(f"{module}.{name} is not in the table")


main()
