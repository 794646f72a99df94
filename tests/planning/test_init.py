"""The library stands alone."""

import subprocess
import sys

ALONE = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "ninja", "procrastinate", "typer", "rich"}:
            raise ImportError(f"{name} is not installed")

sys.meta_path.insert(0, Blocked())
from xietong.planning import Economy, plan
from xietong.planning.generate import random_economy
result = plan(random_economy(5, 6, 2, 0))
print(result.certificate.gap <= 1e-6, [m for m in sys.modules if m.startswith("xietong.platform")])
"""


def test_that_the_library_plans_with_none_of_django_installed() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True []\n", "")
