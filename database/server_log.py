"""What the embedded server writes to its own log: that it started, stopped or crashed, and nothing from the rows."""

import psycopg2
from sqlalchemy import URL

# An error's first line may quote a value (`invalid input syntax for type uuid: "…"`), its detail a whole row, its
# statement all values. The client gets the error, and logs it without them.
SETTINGS = {
    "log_min_messages": "log",  # above errors; what the server reports about itself stays
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_transaction_sample_rate": "0",
    "log_temp_files": "-1",
    "log_lock_waits": "off",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "debug_print_parse": "off",
    "debug_print_rewritten": "off",
    "debug_print_plan": "off",
}


def keep_rows_out_of_server_log(maintenance: URL) -> None:
    """Set what is not set yet; it persists, and applies to every session from then on."""
    connection = psycopg2.connect(host=maintenance.query["host"], user="postgres", dbname="postgres")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("select name, setting from pg_settings where name = any(%s)", [list(SETTINGS)])
            now = dict(cursor.fetchall())
            missing = {name: value for name, value in SETTINGS.items() if now.get(name) != value}
            for name, value in missing.items():
                cursor.execute(f"alter system set {name} = '{value}'")
            if missing:
                cursor.execute("select pg_reload_conf()")
    finally:
        connection.close()
