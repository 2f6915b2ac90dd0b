#!/bin/sh
# A setting that the program checks as a URL: environs' env.url() and Django's URLValidator take http://localhost:8000
# and http://127.0.0.1:8000 and refuse http://api:8000, a Compose service's name: of names without a dot they let
# localhost alone pass. Guess: what checks a URL looks at its form, or refuses both names. Seen with environs 15.2.0
# (marshmallow 4.4.0) and Django 5.2.19. Needs python3 and network; fails if one of them changes its mind.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet environs==15.2.0 marshmallow==4.4.0 Django==5.2.19 >/dev/null 2>&1
cat >check.py <<'PYTHON'
import os

import environs
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

settings.configure(USE_I18N=False)
for url in ("http://localhost:8000", "http://127.0.0.1:8000", "http://api:8000", "http://api.internal:8000"):
    os.environ["API_URL"] = url
    said = []
    for name, check in (("environs", lambda: environs.Env().url("API_URL")), ("Django", lambda: URLValidator()(url))):
        try:
            check()
            said.append(f"{name} takes it")
        except (environs.EnvError, ValidationError):
            said.append(f"{name} refuses it")
    print(url, *said, sep=", ")
PYTHON
seen=$(python/bin/python check.py)
echo "$seen"
[ "$seen" = 'http://localhost:8000, environs takes it, Django takes it
http://127.0.0.1:8000, environs takes it, Django takes it
http://api:8000, environs refuses it, Django refuses it
http://api.internal:8000, environs takes it, Django takes it' ] || { echo 'expected otherwise'; exit 1; }
