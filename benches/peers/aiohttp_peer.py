"""aiohttp, selectolax and asyncpg: `python aiohttp_peer.py BASE_URL DSN < urls`. Prints the seconds that it took."""

import asyncio
import json
import re
import sys
import time
from urllib.parse import urlsplit

import aiohttp
import asyncpg
from selectolax.lexbor import LexborHTMLParser

import fields

BASE, DSN = sys.argv[1], sys.argv[2]
URLS = sys.stdin.read().split()
WORKERS = 4


def text(node):
    return node.text().strip() if node else None


def attribute(node, name):
    return node.attributes.get(name) if node else None


def member(node):
    found = re.search(r"/member/([^/]+)/", attribute(node, "href") or "")
    return found[1].lower() if found else None


def parse(html, url):
    page = LexborHTMLParser(html)
    info = page.css_first(".listing-available-info")
    said = info.text() if info else ""
    amount = info and info.css_first("span.info-value strong, [data-listing-currently] strong")
    currency, amount = fields.money(text(amount))
    groups = {}
    for link in page.css(".group-item .group-link, .group-item .group-title"):
        groups.setdefault(text(link.css_first(".group-title-label")), []).append(link.text(deep=False).strip())
    first = lambda label: next(iter(groups.get(label, [])), None)
    essentials = page.css_first(".essentials")
    details = [text(li) for li in essentials.css("li")]
    chassis = next((d.split(":", 1)[1].strip() for d in details if d.startswith("Chassis:")), None)
    lot = re.search(r"Lot\s*#([\d,]+)", essentials.text())
    gallery = attribute(page.css_first("#bat_listing_page_photo_gallery [data-gallery-items]"), "data-gallery-items")
    end = info and info.css_first("[data-timestamp], [data-until]")
    body = page.css_first("div.post-excerpt[tabindex]")
    return [
        url,
        int(attribute(page.css_first("[data-listing-intro-id]"), "data-listing-intro-id")),
        fields.number(lot[1]) if lot else None,
        text(page.css_first("h1.post-title")),
        fields.status(said),
        currency,
        amount,
        page.css_first(".item-tag-noreserve") is not None,
        member(essentials.css_first(".item-seller a")),
        member(page.css_first("[data-listing-high-bidder-link] a")),
        text(essentials.css_first("a[href*='maps/place']")),
        chassis,
        details,
        first("Make"),
        first("Model"),
        first("Era"),
        first("Origin"),
        groups.get("Category", []),
        fields.end(attribute(end, "data-timestamp") or attribute(end, "data-until")),
        fields.number(text(page.css_first(".number-bids-value"))),
        fields.number(text(page.css_first(".comments_header_html .info-value"))),
        fields.number(text(page.css_first("[data-stats-item=views]"))),
        fields.number(text(page.css_first("[data-stats-item=watchers]"))),
        " ".join(p.text() for p in body.css("p")) if body else None,
        fields.originals(json.loads(gallery)) if gallery else [],
    ]


async def work(queue, session, connection, statement):
    while queue:
        url = queue.pop()
        async with session.get(BASE + urlsplit(url).path) as response:
            html = await response.text()
        await statement.fetch(*parse(html, url))


async def main():
    queue = URLS[::-1]
    pool = [await asyncpg.connect(DSN) for _ in range(WORKERS)]
    statement = fields.upsert(lambda n: f"${n}")
    statements = [await connection.prepare(statement) for connection in pool]
    started = time.monotonic()
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(work(queue, session, c, s) for c, s in zip(pool, statements)))
    print(f"{time.monotonic() - started:.3f}")


asyncio.run(main())
