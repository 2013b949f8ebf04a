# make help       says this
# make run        serve dashboard and API with demo data on the embedded store
# make test       all tests, twenty minutes        make test-long  hours
# make test-browser  the dashboard in a browser
# make lint       house rules, clang-tidy, cppcheck
# make sim        SEED=7 STEPS=10000               make fuzz       SECONDS_EACH=60
# make screens    every page of the dashboard into docs/screens
# make bench      every bench; bench-intake, -intake-big, -surge, -lifecycle, -feeds, -read, -web, -footprint, -doc, -bulk
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SAN := -Db_sanitize=address,undefined -Db_lundef=false
STORE ?= sqlite:data/demo.db
LISTEN ?= 127.0.0.1:8080

.PHONY: help run test test-browser screens test-long lint bench fuzz sim setup prep dev release product clean
run: setup product
	@tools/run "$(STORE)" "$(LISTEN)"

help:
	@sed -n 's/^# make/make/p' Makefile

test: setup release dev
	@tools/test short

test-browser: setup release
	@tools/test browser

screens: setup dev
	@tools/npm tests/browser && cd tests/browser && node screens.mjs ../../docs/screens

test-long: setup release dev
	@tools/test long

lint: setup dev
	@tools/lint

fuzz: setup
	@tools/fuzz long

sim: setup dev
	@tools/sim one

bench: setup release
	@for b in intake surge lifecycle feeds read web footprint doc bulk intake-big; do bench/$$b || exit 1; done

bench-%: setup release
	@bench/$*

setup:
	@tools/setup

prep:
	@tools/gen

# Configures where it never was, or where the sources or meson.build changed.
configure = [ build/$(1)/build.ninja -nt build/gen/sources.txt -a \
	build/$(1)/build.ninja -nt meson.build ] || \
	CC=gcc CXX=g++ meson setup $$([ -f build/$(1)/build.ninja ] && echo --reconfigure) \
	$(2) build/$(1) >build/$(1).log || { cat build/$(1).log; exit 1; }

dev: prep
	@$(call configure,dev,-Dbuildtype=debug $(SAN))
	@ninja --quiet -C build/dev

release: prep
	@$(call configure,release,-Dbuildtype=release -Ddebug=true)
	@ninja --quiet -C build/release

# The binary alone, for `make run`.
product: prep
	@[ -x build/release/wharf ] || \
		echo "building: a few minutes the first time, seconds from then on"
	@$(call configure,release,-Dbuildtype=release -Ddebug=true)
	@set -o pipefail; ninja --quiet -C build/release wharf | \
		{ grep -v "no work to do" || true; }

clean:
	rm -rf build
