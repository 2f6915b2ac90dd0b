"""The connections of the web and worker containers, each made by a real client with the address in its variable.

`use_all` leaves a trace of this container (its host name) in every server, so that the servers can be asked who came.
Nothing here names the variable behind an error: real logs do not either.
"""

import os
import socket
import subprocess

VISITOR = socket.gethostname()
TABLE = os.environ.get("ROLE", "app") + "_visits"  # web and worker start together, each makes its own


def run(*command, stdin="", **environment):
    """What the client says; its failure is a CalledProcessError that carries it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    done = subprocess.run(command, input=stdin, timeout=20, env={**os.environ, **environment}, **pipes)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
    return done.stdout


def clickhouse_migrations():
    """dbmate's driver is the one of Langfuse's own migration tool; `up` would hang on a server as old as Debian's."""
    account = f"clickhouse://{os.environ['CLICKHOUSE_USER']}:{os.environ['CLICKHOUSE_PASSWORD']}@"
    url = os.environ["CLICKHOUSE_MIGRATION_URL"].replace("clickhouse://", account)
    run("dbmate", "--url", f"{url}/default", "--migrations-dir", "/tmp", "status")


def clickhouse_http():
    account = {"X-ClickHouse-User": "CLICKHOUSE_USER", "X-ClickHouse-Key": "CLICKHOUSE_PASSWORD"}
    headers = [word for header, name in account.items() for word in ("--header", f"{header}: {os.environ[name]}")]
    for query in (
        f"CREATE TABLE IF NOT EXISTS {TABLE} (visitor String, day Date) ENGINE = MergeTree(day, (visitor), 8192)",
        f"INSERT INTO {TABLE} VALUES ('{VISITOR}', today())",
    ):
        run("curl", "--fail", "-sS", "-m", "15", os.environ["CLICKHOUSE_URL"], *headers, "--data-binary", query)


def postgres(variable):
    """Two clients: dbmate (Go) asks for the state of the migrations, psql (libpq) writes."""
    url = os.environ[variable]
    run("dbmate", "--url", f"{url}?sslmode=disable", "--migrations-dir", "/tmp", "status")
    statement = f"CREATE TABLE IF NOT EXISTS {TABLE} (visitor text); INSERT INTO {TABLE} VALUES ('{VISITOR}')"
    run("psql", url, "-v", "ON_ERROR_STOP=1", "-qc", statement)


def redis():
    port = os.environ.get("REDIS_PORT") or "6379"
    server = ("redis-cli", "-h", os.environ["REDIS_HOST"], "-p", port)
    answer = run(*server, "set", f"visit:{VISITOR}", VISITOR, REDISCLI_AUTH=os.environ["REDIS_AUTH"])
    if "OK" not in answer:
        raise subprocess.CalledProcessError(0, server, answer)


def object_store():
    """rclone uses Amazon's own SDK for Go."""
    once = ("--config", "/dev/null", "--retries", "1", "--low-level-retries", "1")
    run(
        *("rclone", *once, "rcat", f":s3:langfuse/{VISITOR}"),
        stdin=VISITOR,
        RCLONE_S3_PROVIDER="Minio",
        RCLONE_S3_NO_CHECK_BUCKET="true",
        RCLONE_S3_ENDPOINT=os.environ["LANGFUSE_S3_EVENT_UPLOAD_ENDPOINT"],
        RCLONE_S3_ACCESS_KEY_ID=os.environ["LANGFUSE_S3_EVENT_UPLOAD_ACCESS_KEY_ID"],
        RCLONE_S3_SECRET_ACCESS_KEY=os.environ["LANGFUSE_S3_EVENT_UPLOAD_SECRET_ACCESS_KEY"],
    )


CONNECTIONS = (
    clickhouse_migrations,
    clickhouse_http,
    lambda: postgres("DATABASE_URL"),
    *[lambda: postgres("REPORTS_DATABASE_URL")] * ("REPORTS_DATABASE_URL" in os.environ),
    redis,
    object_store,
)


def use_all():
    """Make every connection, print what the clients say of those that fail, and whether all held."""
    good = True
    for connect in CONNECTIONS:
        try:
            connect()
        except subprocess.CalledProcessError as failure:
            good = False
            print(failure.output.strip(), flush=True)
        except subprocess.TimeoutExpired as failure:
            good = False
            print(f"{failure.cmd[0]}: timeout", flush=True)
    return good
