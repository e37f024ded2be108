# Every command of this checkout. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run setup test train shell lint bench bench-knowledge bench-surveys bench-desk eval lock clean

# Any Python 3.9 or newer can start the set-up; it finds 3.11 and 3.10 by itself.
START := $(shell command -v python3.11 || command -v python3)
BOOT = $(if $(START),$(START),$(error No Python was found. Install Python 3.11 and 3.10, then run the same command again)) \
	tools/bootstrap.py
PYTHON := .venv/bin/python
RASA := .venv-rasa/bin/python -m rasa_server
JOBS ?= 3
ARGS ?=

help: ## List these commands
	@echo "Folkmoot. The commands of this checkout:"
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
		| while IFS='|' read -r name text; do printf '  make %-15s %s\n' "$$name" "$$text"; done
	@echo
	@echo "  PORT=9010 make run               another port (8000 if left out)"
	@echo "  FOLKMOOT_HOME=/srv/f make run    another folder for everything it writes (var/ if left out)"

run: export FOLKMOOT_PORT := $(or $(PORT),$(FOLKMOOT_PORT))
run: ## Set up what is missing, start everything, say where it is; Ctrl-C stops it
	@$(BOOT) --check-port && exec $(PYTHON) -m cli up

setup: ## Only set up: environments, encoder, trained Rasa
	@$(BOOT)

test: ## Set up what is missing, then style, types, layers and every test
	@$(BOOT)
	@$(MAKE) --no-print-directory style
	@$(PYTHON) -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

train: ## Train Rasa anew
	@$(BOOT) --again train

shell: ## Talk to the trained Rasa in the terminal (action answers need a running `make run`)
	@$(BOOT)
	@$(RASA) shell $(ARGS)

lint: ## Style, types and layers alone
	@$(BOOT) --only app --only project
	@$(MAKE) --no-print-directory style

bench: ## Speed side by side with the bot that `rasa init` makes
	@$(BOOT)
	@$(PYTHON) -m benchmarks $(ARGS)

bench-knowledge: ## Search of 10,000 to 1,000,000 passages beside an exact one (ARGS="--sizes 10000": quick)
	@$(BOOT)
	@$(PYTHON) -m benchmarks.knowledge $(ARGS)

bench-desk: ## The desk and Open311 with 1,000,000 service requests, eight users at once (ARGS="--rows 10000": quick)
	@$(BOOT)
	@$(PYTHON) -m benchmarks.desk $(ARGS)

bench-surveys: ## The survey engine, a survey turn through Rasa, 1,000 people at once, the results page
	@$(BOOT)
	@$(PYTHON) -m benchmarks.surveys $(ARGS)
	@$(PYTHON) -m benchmarks.survey_results

eval: ## Quality of answers and intents on real data
	@$(BOOT)
	@$(PYTHON) -m evaluation $(ARGS)

lock: ## Write requirements.lock from what is installed in .venv
	@$(PYTHON) tools/lock.py

clean: ## Remove environments, caches and trained models; the database, secrets and photos stay
	@rm -rf .venv .venv-rasa .setup.lock .rasa *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@rm -rf "$${FOLKMOOT_HOME:-var}/encoder" "$${FOLKMOOT_HOME:-var}/models" "$${FOLKMOOT_HOME:-var}/setup" "$${FOLKMOOT_HOME:-var}/bench"
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Clean. What citizens and officials wrote is still in $${FOLKMOOT_HOME:-var}."

.PHONY: style
style:
	@$(PYTHON) -m ruff check --quiet . && $(PYTHON) -m ruff format --quiet --check .
	@$(PYTHON) -m mypy --no-error-summary
	@said="$$($(PYTHON) -c 'from importlinter.cli import lint_imports_command as lint; lint()' 2>&1)" \
		|| { echo "$$said"; exit 1; }
