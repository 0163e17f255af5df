"""The worker of the lab: takes predictions from the queue and makes a little steady traffic."""
import logging
import os
import random
import signal
import sys
import time
import urllib.error
import urllib.request

from stores import cache, database, set_up_logging

set_up_logging()
log = logging.getLogger("worker")
PROXY = os.environ.get("PROXY_URL", "http://nginx")
PAUSE_SECONDS = float(os.environ.get("WORKER_PAUSE_SECONDS", "0.5"))


def visit(path, method="GET"):
    """One request through nginx; answers with an error status are the app's own matter."""
    request = urllib.request.Request(PROXY + path, method=method)
    try:
        urllib.request.urlopen(request, timeout=5).read()
    except urllib.error.HTTPError as error:
        error.read()


def round_of(connection, client, number):
    """One round: three requests, the queue, and one write now and then."""
    visit("/matches/%d" % random.randint(1, 1000))
    visit("/predictions?match_id=%d" % random.randint(1, 1000))
    if number % 4 == 0:
        user, match = random.randint(1, 5000), random.randint(1, 1000)
        visit("/predictions?user_id=%d&match_id=%d" % (user, match), "POST")
    taken = 0
    while client.lpop("queue:predictions"):
        taken += 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM matches WHERE kicks_off_at > now()")
        if taken:
            cursor.execute("INSERT INTO audit_log (what) VALUES (%s)", ("settled %d" % taken,))
    client.incr("worker:rounds")
    if number % 20 == 0:
        log.info("round %d done, %d predictions settled", number, taken)


def main():
    """Runs until told to stop; whatever fails is logged and tried again."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    connection, client, number = None, cache(), 0
    log.info("worker started")
    while True:
        try:
            if connection is None or connection.closed:
                connection = database(application_name="football-worker")
            number += 1
            round_of(connection, client, number)
        except Exception as error:
            log.error("round %d failed: %s", number, str(error).strip().split("\n")[0])
            if connection is not None:
                connection.close()
            connection = None
        time.sleep(PAUSE_SECONDS)


main()
