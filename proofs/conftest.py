"""The databases and the fixed time of the tests, for what takes too long for `make test` or needs other servers."""

from tests.conftest import (  # noqa: F401
    database,
    databases,
    empty_caches,
    empty_database,
    log_of_the_tests,
    server,
    shared_database,
    template,
    test_environment,
    usual_log,
)
from tests.memory import pytest_configure  # noqa: F401
