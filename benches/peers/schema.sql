-- The extension's pages share transactions where they come fast: a peer's commits do not wait for the disk.
CREATE ROLE peer LOGIN SUPERUSER;
ALTER ROLE peer SET synchronous_commit = off;

-- One table a peer writes to: less than the extension writes, which keeps three tables and where each value came from.
CREATE TABLE IF NOT EXISTS peer_listings (
    url text PRIMARY KEY,
    listing_id bigint NOT NULL,
    lot_number integer,
    title text NOT NULL,
    status text,
    currency text,
    amount numeric,
    no_reserve boolean,
    seller text,
    buyer text,
    location text,
    chassis text,
    details text[],
    make text,
    model text,
    era text,
    origin text,
    categories text[],
    ends_at timestamptz,
    bid_count integer,
    comment_count integer,
    view_count integer,
    watcher_count integer,
    description text,
    image_urls text[],
    fetched_at timestamptz NOT NULL DEFAULT now()
);
TRUNCATE peer_listings;
