# Everything starts here. It takes Python 3.11 to 3.14 and make; the rest is fetched on first use.
#
#   make demo            try the portal, on http://localhost:8000 (make demo PORT=8765)
#   make demo-reset      throw the demo's data away
#   make test            the whole suite, with nothing but Python
#   make test-fast       what is quick of it, in some twenty seconds: for whoever works
#   make test-services   what asks the database on PostgreSQL and Redis, with a real worker, SMTP server and Chromium
#   make test-nightly    fifty thousand random steps in which several people change everything at once, new ones each time,
#                        and a pulje's two years day by day; each page as each person, where by day each takes a part
#   make test-services-nightly   test-services with every test that asks the database, and Chromium in both languages
#   make test-anywhere   the whole suite from five odd moments on, in random order
#   make mutants         break one rule at a time and see whether a test notices (make mutants SEED=7 COUNT=300)
#   make check           lint, types, imports, migrations, translations, settings
#   make messages        bring the nynorsk catalogue in step with the bokmål texts
#   make pictures        take the pictures of the help and the README again, of a demo on a fixed day; needs Chromium
#   make drill-faults    the faults of `make test-services`, longer: 20 forms of each kind, 30 cuts and kills, a file of 300 MB
#   make load            six hundred people register in five minutes, and a hall of six hundred evaluates in ten
#   make soak            an hour's mixed traffic: what the processes hold of memory; MINUTES=10 for less
#   make bench           figures with a national load, on PostgreSQL
#   make drill           backs up, destroys and restores a database of its own, and looks whether all is back
#   make audit           asks the databases of known holes about what is installed; needs a network
#   make run             the web server for developing; make worker in another window
#   make lock            after a change of what is wished for: name the versions that are installed
#   make upgrade         the newest versions that the wishes allow, and the whole suite with them

PORT ?= 8000
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$python && break; done)
PY := .venv/bin/python
# A machine that is told to keep no compiled code would compile all of it in each of the many processes of a test run.
unexport PYTHONDONTWRITEBYTECODE

LOCAL_SERVICES := DATABASE_URL="$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}" \
	REDIS_URL="$${REDIS_URL:-redis://127.0.0.1:6379/1}" SECRET_KEY="$${SECRET_KEY:-for-tests-only}"
# Whatever this machine is set up with stays outside.
EMBEDDED := env -u DATABASE_URL -u REDIS_URL -u EMAIL_URL -u SITE_URL -u SECRET_KEY -u LMP_DEMO
# Shaped as production's, connected to nothing: the checks read settings, they call nobody.
LIKE_PRODUCTION := DATABASE_URL=postgres://db.invalid/lmp REDIS_URL=redis://redis.invalid/0 EMAIL_URL=smtp://mail.invalid \
	ACCESSIBILITY_STATEMENT_URL=https://uustatus.no/nb/erklaringer/publisert/example \
	SITE_URL=https://portal.example.no ALLOWED_HOSTS=portal.example.no LMP_VAR_DIR=var/check LMP_DEMO=false DEBUG=false PROXY_COUNT=1 \
	SECRET_KEY=0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ

.PHONY: demo demo-reset test test-fast test-nightly test-anywhere test-services test-services-nightly mutants drill-faults load soak check messages pictures bench drill audit run worker lock upgrade prepare prepare-dev python

demo: prepare
	@LMP_DEMO=true LMP_VAR_DIR=var/demo SITE_URL=http://localhost:$(PORT) $(PY) manage.py demo --port $(PORT)

demo-reset:
	rm -rf var/demo

test: prepare-dev
	$(EMBEDDED) LMP_VAR_DIR=var/test $(PY) -m pytest -m "not services and not nightly" -n auto --dist loadgroup --note-shapes var/shapes

test-fast: prepare-dev
	$(EMBEDDED) LMP_VAR_DIR=var/test $(PY) -m pytest -m fast -n auto --dist loadgroup

# Before each change of the clock, across the turn of the year and on a leap day, in another order each time, with new
# random facts. Of what fails, the seed that makes it fail again is told.
MOMENTS := 2027-03-27T23:30 2027-10-30T23:30 2026-12-31T23:50 2026-12-31T23:59:30 2028-02-29T12:00

test-anywhere: prepare-dev
	@failed=; for moment in $(MOMENTS); do echo "== from $$moment"; \
		$(EMBEDDED) LMP_VAR_DIR=var/test $(PY) -m pytest -m "not services and not nightly" -n auto --dist loadgroup \
		--at $$moment -p randomly --hypothesis-profile=new || failed="$$failed $$moment"; \
	done; test -z "$$failed" || { echo "Failed:$$failed"; exit 1; }

# Fifty thousand random steps of several people at once, new ones each time, and a pulje's two years day by day.
test-nightly: prepare-dev
	$(EMBEDDED) LMP_VAR_DIR=var/test $(PY) -m pytest -m "nightly and not services" -n auto --dist loadgroup

# What asks the database all again on PostgreSQL, and each walk in Chromium in the language it has not by day.
test-services-nightly: prepare-dev
	$(MAKE) test-services WHOLE=1
	$(LOCAL_SERVICES) LMP_VAR_DIR=var/test-services $(PY) -m pytest -m "services and nightly" -n auto --dist loadgroup

# First what asks the database. What asks none would say here what it says in `make test`, and of the others the fewest that
# ask PostgreSQL all that `make test` noted beside SQLite: none if it has not run, then all of them do. WHOLE=1: all of them.
WHOLE ?=
test-services: prepare-dev
	@$(LOCAL_SERVICES) $(PY) scripts/require_services.py
	@$(LOCAL_SERVICES) LMP_VAR_DIR=var/test-services $(PY) manage.py collectstatic --no-input --verbosity 0
	$(LOCAL_SERVICES) LMP_VAR_DIR=var/test-services $(PY) -m pytest -m "not services and not slow and not any_database and not nightly and not no_database" -n auto --dist loadgroup $(if $(WHOLE),,--fewest-of var/shapes)
	$(LOCAL_SERVICES) LMP_VAR_DIR=var/test-services $(PY) -m pytest -m "services and not alone and not nightly" -n auto --dist loadgroup
	$(LOCAL_SERVICES) LMP_VAR_DIR=var/test-services $(PY) -m pytest -m "services and alone and not nightly"

# A sample by its seed, over the rules of every app. A short script: mutmut and cosmic-ray start pytest and Django anew for
# each mutant, which here takes longer than its tests.
SEED ?= 1
COUNT ?= 60
mutants: prepare-dev
	$(EMBEDDED) LMP_VAR_DIR=var/test nice $(PY) scripts/mutants.py --seed $(SEED) --count $(COUNT)

# PostgreSQL, Redis, gunicorn, workers and a mail server of their own, on ports of their own.
DRILL := $(LOCAL_SERVICES) LMP_VAR_DIR=var/test-services
MINUTES ?= 60

drill-faults: prepare-dev
	$(DRILL) DRILL_FORMS=20 DRILL_FAULTS=30 DRILL_MEGABYTES=300 $(PY) -m pytest -m services -s \
		tests/faults/test_database_lost.py tests/faults/test_web_killed.py tests/faults/test_redis_lost.py \
		tests/faults/test_slow_clients.py outbox/tests/faults

load: prepare-dev
	$(DRILL) LOAD_PEOPLE=600 $(PY) -m pytest -s tests/faults/test_load.py

soak: prepare-dev
	$(DRILL) SOAK_MINUTES=$(MINUTES) $(PY) -m pytest -s tests/faults/test_soak.py

check: prepare-dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(EMBEDDED) $(PY) -m mypy .
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	$(EMBEDDED) $(PY) manage.py makemigrations --check --dry-run
	$(EMBEDDED) $(PY) -m lmp.catalogue --check
	$(LIKE_PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

messages: prepare-dev
	$(PY) -m lmp.catalogue

pictures: prepare-dev
	$(EMBEDDED) $(PY) scripts/take_pictures.py

bench: prepare-dev
	$(PY) -m bench

drill: prepare-dev
	$(PY) -m drill

audit: prepare-dev
	@$(PY) scripts/audit.py

run: prepare-dev
	$(PY) manage.py migrate --verbosity 0
	DEBUG=true $(PY) manage.py runserver $(PORT)

worker: prepare-dev
	$(PY) -m celery -A lmp worker --pool=solo -B -s var/celerybeat-schedule --loglevel=info

lock: prepare-dev
	$(PY) scripts/lock.py

upgrade: prepare-dev
	$(PY) scripts/lock.py --upgrade
	$(MAKE) test

prepare: python
	@$(PYTHON) scripts/prepare.py

prepare-dev: python
	@$(PYTHON) scripts/prepare.py --dev

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 to 3.14 is needed, and none was found. Name one: make PYTHON=/path/to/python3.11 ..."; exit 1; }
