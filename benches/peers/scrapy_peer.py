"""Scrapy and psycopg: `python scrapy_peer.py BASE_URL DSN < urls`. Prints the seconds that it took."""

import json
import sys
import time
from urllib.parse import urlsplit

import psycopg
import scrapy
from scrapy.crawler import CrawlerProcess

import fields

BASE, DSN = sys.argv[1], sys.argv[2]
URLS = sys.stdin.read().split()


class Listings(scrapy.Spider):
    name = "listings"

    async def start(self):
        for url in URLS:
            yield scrapy.Request(BASE + urlsplit(url).path, cb_kwargs={"url": url}, dont_filter=True)

    def parse(self, response, url):
        info = response.css(".listing-available-info")
        said = " ".join(info.css(".info-value::text, .info-label::text, .info-value ::text").getall())
        amount = info.css("span.info-value strong::text, [data-listing-currently] strong::text").get()
        currency, amount = fields.money(amount)
        groups = {}
        for link in response.css(".group-item .group-link, .group-item .group-title"):
            label = link.css(".group-title-label::text").get()
            groups.setdefault(label, []).append("".join(link.xpath("./text()").getall()).strip())
        essentials = response.css(".essentials")
        details = [" ".join(li.css("::text").getall()).strip() for li in essentials.css("li")]
        chassis = next((d.split(":", 1)[1].strip() for d in details if d.startswith("Chassis:")), None)
        gallery = response.css("#bat_listing_page_photo_gallery [data-gallery-items]::attr(data-gallery-items)").get()
        lot = essentials.xpath(".//*[contains(., 'Lot')]/text()[contains(., '#')]").get()
        end = info.css("[data-timestamp]::attr(data-timestamp), [data-until]::attr(data-until)").get()
        yield {
            "url": url,
            "listing_id": int(response.css("[data-listing-intro-id]::attr(data-listing-intro-id)").get()),
            "lot_number": fields.number(lot),
            "title": response.css("h1.post-title::text").get().strip(),
            "status": fields.status(said),
            "currency": currency,
            "amount": amount,
            "no_reserve": bool(response.css(".item-tag-noreserve")),
            "seller": (essentials.css(".item-seller a::attr(href)").re_first(r"/member/([^/]+)/") or "").lower(),
            "buyer": response.css("[data-listing-high-bidder-link] a::attr(href)").re_first(r"/member/([^/]+)/"),
            "location": essentials.css("a[href*='maps/place']::text").get(),
            "chassis": chassis,
            "details": details,
            "make": next(iter(groups.get("Make", [])), None),
            "model": next(iter(groups.get("Model", [])), None),
            "era": next(iter(groups.get("Era", [])), None),
            "origin": next(iter(groups.get("Origin", [])), None),
            "categories": groups.get("Category", []),
            "ends_at": fields.end(end),
            "bid_count": fields.number(response.css(".number-bids-value::text").get()),
            "comment_count": fields.number(response.css(".comments_header_html .info-value::text").get()),
            "view_count": fields.number(response.css("[data-stats-item=views]::text").get()),
            "watcher_count": fields.number(response.css("[data-stats-item=watchers]::text").get()),
            "description": " ".join(response.css("div.post-excerpt[tabindex] p ::text").getall()),
            "image_urls": fields.originals(json.loads(gallery)) if gallery else [],
        }


class Store:
    """A commit per page."""

    def open_spider(self):
        self.connection = psycopg.connect(DSN, autocommit=True, prepare_threshold=0)
        self.statement = fields.upsert(lambda n: "%s")

    def close_spider(self):
        self.connection.close()

    def process_item(self, item):
        self.connection.execute(self.statement, [item[name] for name in fields.COLUMNS])
        return item


process = CrawlerProcess(
    {
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        # One at a time is what the site is to see; on loopback eight hide the framework's own latency.
        "CONCURRENT_REQUESTS": 8,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "COOKIES_ENABLED": False,
        "RETRY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "ITEM_PIPELINES": {Store: 1},
    }
)
process.crawl(Listings)
started = time.monotonic()
process.start()
print(f"{time.monotonic() - started:.3f}")
