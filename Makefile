# Python >= 3.11 with venv, and make: nothing else is needed. Everything happens in .venv and build/. The tests also
# run Python 3.11, 3.12 and 3.13, and fetch those that this machine does not have.
PYTHON ?= python3
INSTALL = .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps
COMPILE = .venv/bin/uv pip compile pyproject.toml --all-extras --quiet --upgrade --universal --python-version 3.11 \
	--only-binary :all: --generate-hashes --custom-compile-command 'make lock'

.PHONY: help demo test campaign flips mutants picture bench lock clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:   ## say what can be made
	@sed -n 's/^\([a-z]*\): .*## /  make \1	/p' $(MAKEFILE_LIST)

demo: .venv/run.stamp  ## record the two founding stories in build/demo/town.ledger and question them
	@PATH="$(CURDIR)/.venv/bin:$$PATH" sh examples/demo.sh

# Where one of the other Pythons cannot be had, its test fails and all others still run.
test: .venv/test.stamp  ## check everything: rules, properties, command line, gates
	-@$(MAKE) --no-print-directory .venv/pythons.stamp
	.venv/bin/python -m pytest -n auto

flips: .venv/test.stamp  ## flip ten thousand bits of a ledger folder and see each found; takes minutes
	nice .venv/bin/python -m pytest -n auto -m long tests/ledger/transparency/test_bit_flips.py

campaign: .venv/test.stamp  ## set thousands of random clerks against a slow, obvious model; takes an hour
	nice .venv/bin/python -m pytest -o faulthandler_timeout=0 -m long tests/campaign

# By lot, but always the same: make mutants EVERY=5; MODULES="links votes"; MORE=--again: what survived before.
mutants: .venv/mutants.stamp  ## change the domain in thousands of small ways and see which the tests notice; takes hours
	nice .venv/bin/python benchmarks/mutants --every $(or $(EVERY),1) $(MORE) $(MODULES)

picture: .venv/run.stamp  ## draw docs/session.svg anew from a real session
	.venv/bin/python docs/picture.py

bench: demo  ## measure how long the clerk waits, and what proving costs
	@.venv/bin/python benchmarks/startup.py
	@.venv/bin/python benchmarks/proving.py

lock: .venv/test.stamp  ## choose the newest versions that pyproject.toml allows and pin them
	$(COMPILE) --group build --output-file requirements/run.txt
	$(COMPILE) --group test --constraints requirements/run.txt --output-file requirements/test.txt
	$(COMPILE) --group mutants --constraints requirements/test.txt --output-file requirements/mutants.txt

clean:  ## remove all that was made here
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find domain ledger projections tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# A stamp is touched last, so a set-up that was interrupted is done again.
.venv/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo '$(PYTHON) is missing or older than 3.11. Name a newer one: make PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/%.stamp: requirements/%.txt pyproject.toml .venv/made.stamp
	$(INSTALL) --require-hashes --only-binary :all: -r $<
	$(INSTALL) --no-index --no-build-isolation --editable .
	@touch $@

# The Pythons under which the golden ledgers are read: found on this machine, or fetched by uv. The shims of pyenv run
# the version chosen alone, so its folders come first.
.venv/pythons.stamp: requirements/run.txt .venv/test.stamp
	@for version in 3.11 3.12 3.13; do \
		PATH="$$(printf '%s:' "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/3.*/bin)$$PATH" \
			.venv/bin/uv venv --quiet --clear --no-project --python $$version .venv/pythons/$$version && \
		.venv/bin/uv pip install --quiet --no-config --python .venv/pythons/$$version --no-deps --require-hashes \
			--only-binary :all: --requirement $< || exit 1; \
	done
	@touch $@
