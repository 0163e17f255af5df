"""The connections of the lab's services, made from the environment."""
import logging
import os
import sys
import json
import datetime

import psycopg2
import redis


def database(autocommit=True, application_name="football-app"):
    """Opens one PostgreSQL connection; the caller closes it."""
    connection = psycopg2.connect(
        host=os.environ.get("DATABASE_HOST", "db"),
        user=os.environ["POSTGRES_USER"],
        password=os.environ["POSTGRES_PASSWORD"],
        dbname=os.environ["POSTGRES_DB"],
        connect_timeout=2,
        application_name=application_name,
    )
    connection.autocommit = autocommit
    return connection


def cache():
    """A Redis client with short deadlines."""
    return redis.Redis(
        host=os.environ.get("REDIS_HOST", "redis"),
        password=os.environ["REDIS_PASSWORD"],
        socket_connect_timeout=2,
        socket_timeout=2,
    )


class JsonFormatter(logging.Formatter):
    """One JSON object per line, with the keys of the fund-calc handbook."""

    def format(self, record):
        entry = {
            "timestamp": datetime.datetime.utcnow().isoformat(),
            "level": record.levelname,
            "message": record.getMessage(),
            "module": record.module,
            "function": record.funcName,
            "line": record.lineno,
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up_logging():
    """Plain Python lines, or JSON lines where LOG_FORMAT=json."""
    handler = logging.StreamHandler(sys.stdout)
    if os.environ.get("LOG_FORMAT") == "json":
        handler.setFormatter(JsonFormatter())
        for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
            logger = logging.getLogger(name)
            logger.handlers = []
            logger.propagate = True
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
