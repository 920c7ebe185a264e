# What a developer or a user of the source does. `make demo` and `make test` set up all that they need.

.PHONY: demo test bench fuzz limits install run stop clean

demo:        ## a private server and a replica of the site: one ingest, and the rows that it made
	scripts/demo.sh

test:        ## all tests
	scripts/test.sh

bench:       ## the measured figures
	scripts/bench.sh

fuzz:        ## every parser against broken pages, FUZZ_SECONDS each (20)
	scripts/fuzz.sh

limits:      ## time and memory of every parser for hostile pages of 16 MB (about an hour)
	cargo bench --package bat_pages --bench limits

install:     ## builds the extension and installs it into the server that pg_config names
	scripts/install.sh release

run:         ## a psql on the demo's server
	scripts/run.sh

stop:        ## stops the demo's server and replica
	scripts/stop.sh

clean: stop  ## removes the demo and all that was built
	cargo clean
