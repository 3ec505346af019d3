"""Demo data: creators whose students behave like real ones.

from database.demo import DemoSize, load_demo

load_demo(DemoSize(students=245, videos=40, seed=1), progress=print)
"""

from database.demo.courses import DemoSize
from database.demo.directory import DemoAccount, remove_demo
from database.demo.load import DemoCreator, DemoReport, is_empty, load_demo
from database.demo.unwanted import do_without_demo, is_unwanted

__all__ = [
    "DemoAccount",
    "DemoCreator",
    "DemoReport",
    "DemoSize",
    "do_without_demo",
    "is_empty",
    "is_unwanted",
    "load_demo",
    "remove_demo",
]
