# Two commands: `make demo` shows a model improving itself, `make test` passes the tests. Both do all set-up first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
SWIFT ?= swift
export SWIFT_BACKTRACE ?= enable=no

.PHONY: all demo test build setup bench clean

all: build

setup:
	@./setup.sh

build: setup
	@$(SWIFT) build -c release --product hone

demo: build
	@.build/release/hone demo $(ARGS)

test: setup
	@$(SWIFT) build -c release --build-tests
	@$(SWIFT) build -c release --product hone
	@$(SWIFT) test -c release --skip-build $(ARGS) 2>&1 | tee .build/test.log \
		|| { printf '\nWhat failed (all of it is in .build/test.log):\n'; grep -a '^✘' .build/test.log; exit 1; }

bench: build
	@.build/release/hone bench $(ARGS)

clean:
	@rm -rf .build
