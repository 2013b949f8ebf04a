# make run    serve the API with demo data      make test   everything, ~10 min
# make lint   format, tidy, house rules         make sim    SEED=7 STEPS=10000
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SAN := -Db_sanitize=address,undefined -Db_lundef=false

.PHONY: setup prep dev release run test lint clean
setup:
	@tools/setup

prep:
	@tools/gen

dev: prep
	@[ -f build/dev/build.ninja ] || CC=gcc meson setup -Dbuildtype=debug $(SAN) build/dev >/dev/null
	@ninja --quiet -C build/dev

release: prep
	@[ -f build/release/build.ninja ] || CC=gcc meson setup -Dbuildtype=release build/release >/dev/null
	@ninja --quiet -C build/release

clean:
	rm -rf build
