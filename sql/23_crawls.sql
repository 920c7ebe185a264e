-- The crawls of the dealers' own inventories: a member of the extension, whose rows pg_dump carries.

CREATE TABLE @extschema@.bat_crawls (
    id bigserial PRIMARY KEY,
    dealer_id uuid NOT NULL,
    run_mode text NOT NULL CHECK (run_mode OPERATOR(pg_catalog.=) ANY (ARRAY['current', 'sold', 'both'])),
    state text NOT NULL DEFAULT 'running'
        CHECK (state OPERATOR(pg_catalog.=) ANY (
            ARRAY['running', 'complete', 'incomplete', 'no_inventory', 'blocked', 'gone']
        )),
    cause text CHECK (
        cause OPERATOR(pg_catalog.=) ANY (
            ARRAY[
                'robots', 'budget', 'error', 'paging', 'total', 'sitemap', 'superseded', 'down', 'nothing_found', 'under_half',
                'other_items'
            ]
        )
    ),
    message text,
    website text,
    platform text,
    list_url text,
    sold_list_url text,
    pages integer NOT NULL DEFAULT 0,
    items integer NOT NULL DEFAULT 0,
    items_total bigint,
    inserted integer NOT NULL DEFAULT 0,
    updated integer NOT NULL DEFAULT 0,
    missing integer NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at timestamptz
)
WITH (fillfactor = 70);
COMMENT ON TABLE bat_crawls IS
    'One row per walk over a dealer''s own inventory. Only a complete one may say that something is no longer there.';
COMMENT ON COLUMN bat_crawls.state IS
    'complete: every page of the list was read. incomplete: see cause. no_inventory: the site offers nothing, and is asked '
    'again after a long time. blocked: the site refuses. gone: its home page answered 404 or 410.';
COMMENT ON COLUMN bat_crawls.cause IS
    'Why a crawl is incomplete. robots: it forbids a page of the list; budget: max_pages; error: a page could not be had; '
    'paging: a later page shows nothing, or nothing new, although the list went on to it; total: the site says that there is '
    'more; sitemap: nothing else tells of the items; '
    'superseded: a later crawl began; down: maintenance. The guards, which raise a problem: nothing_found where something was; '
    'under_half of what was there; other_items: most of what was there is not, and most of what is there is new.';
COMMENT ON COLUMN bat_crawls.items IS 'Items that the list showed, each once; where there is none, that a sitemap names.';
COMMENT ON COLUMN bat_crawls.items_total IS 'How many the site says there are.';
COMMENT ON COLUMN bat_crawls.missing IS 'Items that this crawl found missing, in the second complete crawl or later.';
CREATE INDEX bat_crawls_dealer ON @extschema@.bat_crawls (dealer_id, id);

SELECT pg_catalog.pg_extension_config_dump('bat_crawls', '');
SELECT pg_catalog.pg_extension_config_dump('bat_crawls_id_seq', '');
