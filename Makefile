# What a developer or a user of the source does. `make demo` and `make test` set up all that they need.
#
# PG=13 to PG=18 says for which PostgreSQL: `make test PG=18`. Without it: the one that pg_config names.

PG ?=
export PG

.PHONY: demo test lint test-server test-inside test-upgrade test-browser check-versions freeze bench bench-peers fuzz limits install deb package test-package run stop clean

demo:           ## a private server and a replica of the site: one ingest, and the rows that it made
	scripts/demo.sh

test:           ## all tests
	scripts/test.sh

lint:           ## licences, sources and known vulnerabilities of the dependencies
	scripts/lint.sh

test-server:    ## of these, those that need a server
	scripts/test.sh server

test-inside:    ## of these, those inside of a server
	scripts/test.sh inside

test-upgrade:   ## of these, those of the upgrade scripts in sql/
	scripts/test.sh upgrade

test-browser:   ## the page of bat_report in a real browser; installs chromium
	scripts/test-browser.sh

check-versions: ## the compiler's checks for PostgreSQL 13, 14 and 17, without a server
	scripts/check-versions.sh

freeze:         ## writes this version's schema into sql/, for later versions to upgrade from
	scripts/freeze.sh

bench:          ## the measured figures
	scripts/bench.sh

bench-peers:    ## the same job with Scrapy, with aiohttp and selectolax, and with Node and cheerio
	scripts/bench-peers.sh

fuzz:           ## every parser against broken pages, FUZZ_SECONDS each (20)
	scripts/fuzz.sh

limits:         ## time and memory of every parser for hostile pages of 16 MB (20,000 readings on all processors)
	cargo bench --package bat_pages --bench limits

install:        ## builds the extension and installs it into the server that pg_config names
	OWN_SERVER=yes scripts/install.sh release

deb:            ## a Debian package of the extension, into target/package
	scripts/package.sh deb

package:        ## the same as an archive for other systems
	scripts/package.sh tar

test-package:   ## the Debian package on a clean Debian 12, without Rust; needs root
	scripts/test-package.sh

run:            ## a psql on the demo's server
	scripts/run.sh

stop:           ## stops the demo's server and replica
	scripts/stop.sh

clean: stop     ## removes the demo and all that was built
	cargo clean
