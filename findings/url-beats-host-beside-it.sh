#!/bin/sh
# A program that passes a URL and, beside it, a host and a port of its own (DATABASE_URL with DB_HOST): node-postgres,
# Sequelize, ioredis and redis-py drop the host and the port without a word; postgres.js, mysql2 and asyncpg prefer
# them. Guess: the argument that is written out overrides the URL. Seen with pg 8.23.1, sequelize 6.37.8, ioredis 6.0.0,
# redis 8.1.0, postgres 3.4.9, mysql2 3.24.6, asyncpg 0.32.0. Needs python3, npm and network; fails if one of them
# connects elsewhere.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts pg@8.23.1 sequelize@6.37.8 ioredis@6.0.0 postgres@3.4.9 \
    mysql2@3.24.6 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet redis==8.1.0 asyncpg==0.32.0 >/dev/null 2>&1
unset PGHOST PGPORT PGHOSTADDR PGSERVICE
cat >dials.cjs <<'JAVASCRIPT'
const beside = { host: "beside.test", port: 1 }
const show = (name, { host, port }) => console.log(name, `${host}`, `${port}`)
const url = "postgres://localhost:5433/shop"
show("node-postgres", new (require("pg").Client)({ connectionString: url, ...beside }))
show("Sequelize", new (require("sequelize").Sequelize)(url, { ...beside }).config)
const redis = new (require("ioredis"))("redis://localhost:6390", { ...beside, lazyConnect: true })
show("ioredis", redis.options)
show("postgres.js", require("postgres")(url, { ...beside }).options)
const pool = require("mysql2").createPool({ uri: "mysql://localhost:3307/shop", ...beside })
show("mysql2", pool.config.connectionConfig)
JAVASCRIPT
cat >dials.py <<'PYTHON'
import asyncio

import asyncpg, redis

options = redis.from_url("redis://localhost:6390", host="beside.test", port=1).connection_pool.connection_kwargs
print("redis-py", options["host"], options["port"])


async def dial() -> None:
    def connect(protocol, host=None, port=None, **_):
        print("asyncpg", host, port)
        raise OSError

    asyncio.get_running_loop().create_connection = connect
    await asyncpg.connect("postgresql://shop@localhost:5433/shop", host="beside.test", port=1)


try:
    asyncio.run(dial())
except OSError:
    pass
PYTHON
seen=$(node dials.cjs && python/bin/python dials.py)
echo "$seen"
[ "$seen" = 'node-postgres localhost 5433
Sequelize localhost 5433
ioredis localhost 6390
postgres.js beside.test 1
mysql2 beside.test 1
redis-py localhost 6390
asyncpg beside.test 1' ] || { echo 'expected otherwise'; exit 1; }
