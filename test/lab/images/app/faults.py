"""The faults that can be switched on in the lab's app; each is a real one, not a pretended figure."""
import logging
import os
import threading
import time

from stores import cache, database

log = logging.getLogger("app.faults")
FOLDER = "/var/lib/lab/faults"
NAMES = (
    "slow", "errors", "crash", "leak", "memory", "oom", "log-storm", "unhealthy",
    "lock", "deadlock", "slow-query", "idle-transaction", "redis-memory", "cpu",
)
active = set()
guard = threading.Lock()


def is_on(name):
    """Whether a fault is switched on."""
    return name in active


def remember(name, on):
    """Writes a fault's state where it outlives a restart of the container (only crash reads it)."""
    os.makedirs(FOLDER, exist_ok=True)
    with open(os.path.join(FOLDER, name), "w") as file:
        file.write("on" if on else "off")


def crash_if_told():
    """At start: goes down again while the crash fault is on."""
    try:
        with open(os.path.join(FOLDER, "crash")) as file:
            if file.read().strip() == "on":
                log.critical("configuration value MODEL_PATH is missing, cannot start")
                time.sleep(0.3)
                os._exit(3)
    except FileNotFoundError:
        pass


def switch(name, on):
    """Switches a fault; its thread starts and ends with it."""
    with guard:
        if on == (name in active):
            return
        if on:
            active.add(name)
        else:
            active.discard(name)
    log.warning("fault %s is now %s", name, "on" if on else "off")
    if name == "crash":
        remember(name, on)
        if on:
            threading.Timer(0.2, os._exit, (3,)).start()
    elif on and name in WORK:
        threading.Thread(target=run, args=(name,), daemon=True).start()


def run(name):
    """One fault's thread: an error in it is logged like any application's."""
    try:
        WORK[name](lambda: name in active)
    except Exception:
        log.exception("fault %s ended by itself", name)
        active.discard(name)


def leak(on):
    """Opens connections and never gives them back, up to 40."""
    held = []
    while on():
        if len(held) < 40:
            try:
                connection = database(autocommit=False, application_name="football-app")
                connection.cursor().execute("SELECT count(*) FROM teams")
                held.append(connection)
            except Exception as error:
                log.error("cannot get a database connection: %s", str(error).strip())
        time.sleep(0.1)
    for connection in held:
        connection.close()


def fill(limit_bytes, on):
    """Fills memory with real pages up to a size."""
    held = []
    while on():
        if len(held) * 8 * 2**20 < limit_bytes:
            held.append(bytearray(b"x" * (8 * 2**20)))
        time.sleep(0.1)


def log_storm(on):
    """About 1,000 error lines in a second."""
    number = 0
    while on():
        for _ in range(100):
            number += 1
            log.error("payment %d for user %d refused: gateway timeout after %d ms",
                      number, number % 5000, 900 + number % 200)
        time.sleep(0.1)


def lock(on):
    """A chain: one session holds a row and waits idle, a second waits for it, a third for the second."""
    holder = database(autocommit=False, application_name="nightly-import")
    holder.cursor().execute("UPDATE matches SET home_goals = home_goals WHERE id = 1")

    def wait(name, own, wanted):
        try:
            connection = database(autocommit=False, application_name=name)
            cursor = connection.cursor()
            cursor.execute("UPDATE matches SET home_goals = home_goals WHERE id = %s", (own,))
            cursor.execute("UPDATE matches SET home_goals = home_goals WHERE id = %s", (wanted,))
            connection.rollback()
            connection.close()
        except Exception as error:
            log.error("update of match %d failed: %s", wanted, str(error).strip())

    for name, own, wanted in (("score-update", 2, 1), ("odds-update", 3, 2)):
        threading.Thread(target=wait, args=(name, own, wanted), daemon=True).start()
        time.sleep(0.3)
    while on():
        time.sleep(0.1)
    holder.rollback()
    holder.close()


def deadlock(on):
    """Two sessions that take the same two rows in opposite order, again and again."""
    def take(first, second, barrier):
        connection = database(autocommit=False)
        try:
            cursor = connection.cursor()
            cursor.execute("UPDATE matches SET away_goals = away_goals WHERE id = %s", (first,))
            barrier.wait(timeout=5)
            cursor.execute("UPDATE matches SET away_goals = away_goals WHERE id = %s", (second,))
            connection.rollback()
        except Exception as error:
            log.error("update failed: %s", str(error).strip())
        finally:
            connection.close()

    while on():
        barrier = threading.Barrier(2)
        pair = [threading.Thread(target=take, args=(a, b, barrier)) for a, b in ((10, 11), (11, 10))]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()
        time.sleep(1)


def slow_query(on):
    """A report that keeps the database busy for five seconds at a time."""
    connection = database(application_name="report")
    while on():
        connection.cursor().execute("SELECT pg_sleep(5), count(*) FROM predictions")
    connection.close()


def idle_transaction(on):
    """One transaction that is opened and forgotten."""
    connection = database(autocommit=False, application_name="forgotten")
    connection.cursor().execute("SELECT count(*) FROM users")
    while on():
        time.sleep(0.1)
    connection.rollback()
    connection.close()


def redis_memory(on):
    """Fills Redis to its limit, so that it evicts; removes its keys afterwards."""
    client = cache()
    number = 0
    while on():
        pipe = client.pipeline(transaction=False)
        for _ in range(64):
            number += 1
            pipe.set("bulk:%d" % (number % 2048), b"x" * 65536)
        pipe.execute()
        time.sleep(0.02 if number < 2048 else 0.5)
    for start in range(0, 2048, 256):
        client.delete(*["bulk:%d" % n for n in range(start, start + 256)])


def cpu(on):
    """One core's worth of work."""
    while on():
        sum(n * n for n in range(20000))


WORK = {
    "leak": leak,
    "memory": lambda on: fill(170 * 2**20, on),
    "oom": lambda on: fill(4096 * 2**20, on),
    "log-storm": log_storm,
    "lock": lock,
    "deadlock": deadlock,
    "slow-query": slow_query,
    "idle-transaction": idle_transaction,
    "redis-memory": redis_memory,
    "cpu": cpu,
}
