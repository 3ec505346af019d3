"""Tests of what measures: that it measures what it says."""
