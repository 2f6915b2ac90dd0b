#!/bin/sh
# postgres://localhost:5433/shop?host=db: to libpq (psycopg), node-postgres, Sequelize and SQLAlchemy the query's host
# is the one to connect to, and the port is that of the other; asyncpg and postgres.js connect to localhost. Guess:
# clients of one server agree on who is meant in one URL. Seen with psycopg 3.3.9, SQLAlchemy 2.1.9, asyncpg 0.32.0, pg
# 8.23.1, sequelize 6.37.8, postgres 3.4.9. Needs python3, npm and network; fails if one of them goes elsewhere.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 sequelize@6.37.8 postgres@3.4.9 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet 'psycopg[binary]==3.3.9' SQLAlchemy==2.1.9 asyncpg==0.32.0 >/dev/null 2>&1
unset PGHOST PGPORT PGHOSTADDR PGSERVICE
cat >dials.py <<'PYTHON'
import asyncio, socket, sys

import asyncpg, psycopg.conninfo
from sqlalchemy import make_url

url = "postgresql://shop@localhost:5433/shop?host=db"
libpq = psycopg.conninfo.conninfo_to_dict(url)
print("libpq", libpq["host"], libpq["port"])
parsed = make_url(url.replace("postgresql", "postgresql+psycopg"))
_, options = parsed.get_dialect()().create_connect_args(parsed)
print("SQLAlchemy", options["host"], options["port"])


async def dial() -> None:
    def connect(protocol, host=None, port=None, **_):
        print("asyncpg", host, port)
        raise OSError

    asyncio.get_running_loop().create_connection = connect
    await asyncpg.connect(url)


try:
    asyncio.run(dial())
except OSError:
    pass
PYTHON
cat >dials.cjs <<'JAVASCRIPT'
const url = "postgres://shop@localhost:5433/shop?host=db"
const show = (name, { host, port }) => console.log(name, `${host}`, `${port}`)
show("node-postgres", new (require("pg").Client)(url))
show("Sequelize", new (require("sequelize").Sequelize)(url).config)
show("postgres.js", require("postgres")(url).options)
JAVASCRIPT
seen=$(python/bin/python dials.py && node dials.cjs)
echo "$seen"
[ "$seen" = 'libpq db 5433
SQLAlchemy db 5433
asyncpg localhost 5433
node-postgres db 5433
Sequelize db 5433
postgres.js localhost 5433' ] || { echo 'expected otherwise'; exit 1; }
