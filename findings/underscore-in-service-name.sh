#!/bin/sh
# A service named my_api resolves in every container, yet botocore refuses it in an endpoint, envalid's host() in a
# setting, and a Django server answers 400 to whoever calls it by this name, even under ALLOWED_HOSTS = ["*"]; minio's
# client takes it. Guess: a name that resolves will do, and "*" allows every name. Seen with botocore 1.44.8,
# envalid 8.2.0, Django 5.2.19, minio 7.2.20. Needs python3, npm and network; fails if one of them changes its mind.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts envalid@8.2.0 >/dev/null 2>&1
python3 -m venv python
python/bin/pip install --quiet botocore==1.44.8 Django==5.2.19 minio==7.2.20 >/dev/null 2>&1
cat >check.py <<'PYTHON'
import logging

import botocore.session, django, minio
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path

logging.disable()
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF="__main__", SECRET_KEY="x",
                   MIDDLEWARE=["django.middleware.common.CommonMiddleware"])
django.setup()
urlpatterns = [path("", lambda request: HttpResponse("hello"))]
session = botocore.session.get_session()
for name in ("my-api", "my_api"):
    try:
        session.create_client("s3", endpoint_url=f"http://{name}:9000", region_name="x", aws_access_key_id="x",
                              aws_secret_access_key="x")
        said = "taken"
    except ValueError as error:
        said = str(error)
    minio.Minio(endpoint=f"{name}:9000")
    print(name, f"botocore: {said}", f"Django: {Client().get('/', HTTP_HOST=f'{name}:8000').status_code}", sep="; ")
PYTHON
cat >check.cjs <<'JAVASCRIPT'
const { cleanEnv, host } = require("envalid")
for (const name of ["my-api", "my_api"])
  cleanEnv({ name }, { name: host() }, { reporter: ({ errors }) => console.log(name, errors.name ? "refused" : "taken") })
JAVASCRIPT
seen=$(python/bin/python check.py && node check.cjs)
echo "$seen"
[ "$seen" = 'my-api; botocore: taken; Django: 200
my_api; botocore: Invalid endpoint: http://my_api:9000; Django: 400
my-api taken
my_api refused' ] || { echo 'expected otherwise'; exit 1; }
