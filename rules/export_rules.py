"""Limits of all exports: retention, size, and when a worker counts as dead."""

from datetime import timedelta

KEPT_FOR = timedelta(days=30)  # row and file
LINK_VALID_FOR = timedelta(hours=24)
MAX_FILE_BYTES = 100 * 1024 * 1024
MOST_AT_ONCE = 10  # waiting or running, per creator
BEAT_SECONDS = 1.0
SILENT_SECONDS = 30.0  # a worker that is silent for this long is dead
MOST_WORKERS_LOST = 3  # an export that took this many down with it is not retried
LONGEST_SECONDS = 30 * 60.0  # an attempt that takes longer is stuck
