"""Demo data: creators whose students behave like real ones.

from database.demo import DemoSize, load_demo

load_demo(DemoSize(students=245, videos=40, seed=1), progress=print)
"""

from database.demo.courses import DemoSize
from database.demo.directory import DemoAccount
from database.demo.load import DemoCreator, DemoReport, is_empty, load_demo

__all__ = ["DemoAccount", "DemoCreator", "DemoReport", "DemoSize", "is_empty", "load_demo"]
