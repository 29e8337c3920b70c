"""The Prefect rim. Its log is JSON lines where KCA_LOG_JSON asks for them.

Prefect reads this when it is first imported, so it is said before.
"""

import os

from kca_etl.settings import Settings

if Settings().log_json:
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER", "json")
