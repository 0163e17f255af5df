"""The football prediction service of the lab: a small real FastAPI service on PostgreSQL and Redis."""
import json
import logging
import os
import random
import threading
import time

from fastapi import FastAPI, HTTPException, Request, Response

import faults
from stores import cache, database, set_up_logging

set_up_logging()
faults.crash_if_told()
log = logging.getLogger("app")
VERSION = os.environ.get("APP_VERSION", "1.4.2")
app = FastAPI(title="football-prediction", version=VERSION)
started = time.time()
client = cache()
pool = threading.local()
counts = {}
seconds = {"sum": 0.0, "count": 0}
BOUNDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
buckets = [0] * len(BOUNDS)


def rows(query, parameters=()):
    """Runs one statement on this thread's connection; a broken connection is replaced once."""
    for attempt in (1, 2):
        try:
            if getattr(pool, "connection", None) is None or pool.connection.closed:
                pool.connection = database()
            with pool.connection.cursor() as cursor:
                cursor.execute(query, parameters)
                return cursor.fetchall() if cursor.description else []
        except Exception:
            pool.connection = None
            if attempt == 2:
                raise


@app.middleware("http")
async def measure(request: Request, call_next):
    """Counts and times every request; the slow and errors faults act here."""
    import asyncio

    begun = time.monotonic()
    path = request.url.path
    ordinary = not path.startswith(("/fault", "/metrics"))
    if ordinary and faults.is_on("slow"):
        await asyncio.sleep(0.8 + random.random() * 0.4)
    try:
        if ordinary and path != "/health" and faults.is_on("errors") and random.random() < 0.5:
            raise RuntimeError("model answered with NaN for match %d" % random.randint(1, 1000))
        response = await call_next(request)
    except Exception:
        log.exception("request %s failed", path)
        response = Response('{"detail":"internal server error"}', 500, media_type="application/json")
    took = time.monotonic() - begun
    key = (request.method, response.status_code)
    counts[key] = counts.get(key, 0) + 1
    seconds["sum"] += took
    seconds["count"] += 1
    for index, bound in enumerate(BOUNDS):
        if took <= bound:
            buckets[index] += 1
    return response


def state_of(check):
    """'ok', or what went wrong in one line."""
    try:
        check()
        return "ok"
    except Exception as error:
        return "error: " + str(error).strip().split("\n")[0]


@app.get("/health")
def health(response: Response):
    """The state of the service and of what it needs."""
    body = {
        "status": "healthy",
        "version": VERSION,
        "uptime_seconds": round(time.time() - started),
        "database": state_of(lambda: rows("SELECT 1")),
        "redis": state_of(client.ping),
    }
    if faults.is_on("unhealthy") or body["database"] != "ok" or body["redis"] != "ok":
        body["status"] = "unhealthy"
        response.status_code = 503
    return body


@app.get("/metrics")
def metrics():
    """Prometheus text format."""
    lines = ["# HELP http_requests_total Requests answered.", "# TYPE http_requests_total counter"]
    for (method, status), count in sorted(counts.items()):
        lines.append('http_requests_total{method="%s",status="%d"} %d' % (method, status, count))
    lines.append("# HELP http_request_duration_seconds Time to answer.")
    lines.append("# TYPE http_request_duration_seconds histogram")
    for bound, count in zip(BOUNDS, buckets):
        lines.append('http_request_duration_seconds_bucket{le="%s"} %d' % (bound, count))
    lines.append('http_request_duration_seconds_bucket{le="+Inf"} %d' % seconds["count"])
    lines.append("http_request_duration_seconds_sum %.6f" % seconds["sum"])
    lines.append("http_request_duration_seconds_count %d" % seconds["count"])
    lines.append('app_info{version="%s"} 1' % VERSION)
    return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")


@app.get("/matches/{match_id}")
def match(match_id: int):
    """One match, from Redis where it is known, else from PostgreSQL."""
    known = client.get("match:%d" % match_id)
    if known:
        return json.loads(known)
    found = rows(
        "SELECT m.id, h.name, a.name, m.home_goals, m.away_goals FROM matches m"
        " JOIN teams h ON h.id = m.home_id JOIN teams a ON a.id = m.away_id WHERE m.id = %s",
        (match_id,),
    )
    if not found:
        raise HTTPException(404, "no such match")
    body = dict(zip(("id", "home", "away", "home_goals", "away_goals"), found[0]))
    client.setex("match:%d" % match_id, 30, json.dumps(body))
    return body


@app.get("/predictions")
def predictions(match_id: int = 1):
    """How often each result was predicted for a match."""
    found = rows(
        "SELECT home_goals, away_goals, count(*) FROM predictions WHERE match_id = %s"
        " GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 5",
        (match_id,),
    )
    return [dict(zip(("home", "away", "count"), row)) for row in found]


@app.post("/predictions")
def predict(user_id: int, match_id: int):
    """Stores one prediction and tells the worker."""
    rows(
        "INSERT INTO predictions (user_id, match_id, home_goals, away_goals) VALUES (%s, %s, %s, %s)",
        (user_id, match_id, random.randint(0, 4), random.randint(0, 3)),
    )
    client.rpush("queue:predictions", json.dumps({"user": user_id, "match": match_id}))
    return {"stored": True}


@app.get("/users/count")
def users():
    """How many users are registered."""
    return {"count": rows("SELECT count(*) FROM users")[0][0]}


@app.get("/fault")
def fault_list():
    """Every fault and whether it is on."""
    return {name: faults.is_on(name) for name in faults.NAMES}


@app.post("/fault/{name}/{state}")
def fault(name: str, state: str):
    """Switches one fault on or off."""
    if name not in faults.NAMES or state not in ("on", "off"):
        raise HTTPException(404, "faults: " + ", ".join(faults.NAMES) + "; states: on, off")
    faults.switch(name, state == "on")
    return {name: state}
