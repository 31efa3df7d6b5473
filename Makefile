# The Azure VM Backup fault lab. `make help` lists what can be made.

PYTHON   ?= python3
VENV     ?= .venv
BIN      := $(VENV)/bin
LAB      := $(BIN)/lab
WORKERS  ?= 2
scenario ?=
args     ?=
# One word for the shell and unread by make, whatever it holds; `args` are words and options.
SCENARIO  = '$(subst ','\'',$(value scenario))'
unexport scenario

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ Use

.PHONY: lab
lab: $(VENV)/.installed ## Break a machine, detect the fault, cure it: make lab scenario=vss_bad_state
	@$(LAB) run --setup $(args) -- $(SCENARIO)

.PHONY: prove
prove: $(VENV)/.installed ## All seven proofs of one scenario: make prove scenario=vss_bad_state
	@$(LAB) prove --setup $(args) -- $(SCENARIO)

.PHONY: train
train: $(VENV)/.installed ## Leave a machine broken for a trainee, with a ticket: make train scenario=vss_bad_state
	@$(LAB) train --setup $(args) -- $(SCENARIO)

.PHONY: list
list: $(VENV)/.installed ## List the scenarios
	@$(LAB) list

.PHONY: doctor
doctor: $(VENV)/.installed ## Say what this machine lacks and how to get it
	@$(LAB) doctor

.PHONY: reap
reap: $(VENV)/.installed ## Remove what a killed run left behind
	@$(LAB) reap

##@ Develop

.PHONY: test
test: $(VENV)/.developing ## Set up all that the tests need, then run them and every scenario
	@$(LAB) doctor --fix || [ "$$CI" != true ]
	@$(BIN)/python tests/prepare.py
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal scenarios tests $(args)

.PHONY: check
check: $(VENV)/.developing ## Lint, check formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

.PHONY: bench
bench: $(VENV)/.developing ## Measure against the floor (a bare container, a raw HTTP call)
	@$(BIN)/lab doctor --fix || true
	@$(BIN)/pytest tests/bench -o python_files='bench_*.py' -p no:xdist -q -s $(args)

.PHONY: clean
clean: ## Remove the virtual environment and caches; run `make reap` first if a run was killed
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis reports

.PHONY: help
help: ## Show this help
	@awk 'BEGIN {FS = ":.*## "; print "Usage: make TARGET"} \
	/^##@/ {printf "\n%s\n", substr($$0, 5)} \
	/^[a-z-]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp for those who use the lab, one for those who work on it.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo "setup: Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	|| { rm -rf $(VENV); echo "setup: $(PYTHON) -m venv failed; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "setup: installing the lab into $(VENV) (once)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	@echo "setup: installing the tests' own tools into $(VENV) (once)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@
