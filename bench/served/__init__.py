"""Actions for the SDK's server: all of the assistant, and what they are raced against."""

import importlib
import os
import pkgutil

import actions
from bench.served import timing

for _module in pkgutil.walk_packages(actions.__path__, "actions."):
    importlib.import_module(_module.name)

if os.environ.get(timing.VARIABLE):
    timing.register()
