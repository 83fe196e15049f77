# SPDX-License-Identifier: Apache-2.0
# See etl.py.
import os


class Config(dict):
    def as_text(self):
        return "\n".join("%s %s" % pair for pair in self.items())


def load(name):
    path = os.path.expanduser(name)
    try:
        with open(path, "rb") as f:
            return Config(line.split(maxsplit=1) for line in f)
    except OSError:
        return Config()
