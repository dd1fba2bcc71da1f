"""What the Python twins are written in: trials, and a table or JSON at the end.

The mirror of the Rust notebook in src/, as small as can be and in the
standard library alone. It runs on Python 3.8 and later.
"""

import argparse
import json
import platform
import statistics
import sys
import sysconfig


class Notebook:
    """Options from the command line, samples from the trials."""

    def __init__(self, description, trials, texts=(), **counts):
        """`counts` are the twin's own options, name=default; `texts` names those that take a text."""
        parser = argparse.ArgumentParser(description=description)
        for name, default in counts.items():
            parser.add_argument(f"--{name}", type=int, default=default)
        for name in texts:
            parser.add_argument(f"--{name}")
        parser.add_argument("--trials", type=int, default=trials)
        parser.add_argument("--json", action="store_true", help="print JSON for the notebook")
        self.options = parser.parse_args()
        self.samples = {}

    def trials(self):
        """The numbers of the trials, from 0."""
        return range(self.options.trials)

    def record(self, name, variant, unit, value, at=None):
        """Notes one sample; units are s, B, count, share, ratio, 1/s or B/s.

        `at` is the point at which a swept quantity was measured.
        """
        self.samples.setdefault((name, variant, at, unit), []).append(round(value, 9))

    def finish(self):
        """Prints what was measured."""
        if self.options.json:
            measurements = [
                {"name": name, "variant": variant, "at": at, "unit": unit, "samples": samples}
                for (name, variant, at, unit), samples in self.samples.items()
            ]
            json.dump({"python": version(), "measurements": measurements}, sys.stdout)
            return
        print(f"Python {version()}, {self.options.trials} trials, median (range)")
        for (name, variant, at, unit), samples in self.samples.items():
            variant = variant if at is None else f"{variant} at {at:g}"
            middle, low, high = statistics.median(samples), min(samples), max(samples)
            print(f"{variant:20} {name:24} {middle:12.6g} ({low:.6g} - {high:.6g}) {unit}")


def version():
    """The interpreter's version, with a t where it runs without a GIL."""
    free_threaded = sysconfig.get_config_var("Py_GIL_DISABLED")
    return platform.python_version() + ("t" if free_threaded else "")
