"""What the two Python peers have in common: the columns, the statement, and how texts become values."""

import re
from datetime import datetime, timezone

COLUMNS = (
    "url listing_id lot_number title status currency amount no_reserve seller buyer location chassis details make "
    "model era origin categories ends_at bid_count comment_count view_count watcher_count description image_urls"
).split()


def upsert(placeholder):
    """The statement that stores a row; `placeholder` makes the one of the n-th column."""
    values = ", ".join(placeholder(n) for n in range(1, len(COLUMNS) + 1))
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[1:])
    return (
        f"INSERT INTO peer_listings ({', '.join(COLUMNS)}) VALUES ({values}) "
        f"ON CONFLICT (url) DO UPDATE SET {changes}"
    )


def number(text):
    digits = re.sub(r"[^0-9]", "", text or "")
    return int(digits) if digits else None


def money(text):
    """Currency and amount of `USD $42,000`."""
    found = re.search(r"\b([A-Z]{3})?\s*[^\d\s]?\s*(\d[\d,]*)", text or "")
    return (found[1], number(found[2])) if found else (None, None)


def status(info):
    for word, state in (("Sold for", "sold"), ("Bid to", "reserve_not_met"), ("Current Bid", "live"), ("Withdrawn", "withdrawn")):
        if word in info:
            return state
    return "ended"


def end(seconds):
    return datetime.fromtimestamp(int(seconds), timezone.utc) if seconds else None


def originals(items):
    return [item["large"]["url"].split("?")[0] for item in items if item.get("large")]
