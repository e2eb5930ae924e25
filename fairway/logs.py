"""How a line of the log looks."""

import logging
import time


class UtcFormatter(logging.Formatter):
    """Writes times in UTC, so that the lines of several machines can be laid side by side."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
