// Node, cheerio and pg, as the old pipeline did it: `node cheerio_peer.mjs BASE_URL DSN < urls`. Prints the seconds that it took.

import { readFileSync } from 'node:fs';
import * as cheerio from 'cheerio';
import pg from 'pg';

const [base, dsn] = process.argv.slice(2);
const urls = readFileSync(0, 'utf8').split(/\s+/).filter(Boolean);

const COLUMNS = `url listing_id lot_number title status currency amount no_reserve seller buyer location chassis details
  make model era origin categories ends_at bid_count comment_count view_count watcher_count description image_urls`.split(/\s+/);
const STATEMENT = {
  name: 'upsert',
  text: `INSERT INTO peer_listings (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((_, n) => `$${n + 1}`).join(', ')})
    ON CONFLICT (url) DO UPDATE SET ${COLUMNS.slice(1).map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`,
};
const STATES = [['Sold for', 'sold'], ['Bid to', 'reserve_not_met'], ['Current Bid', 'live'], ['Withdrawn', 'withdrawn']];

const number = (text) => {
  const digits = (text ?? '').replace(/[^0-9]/g, '');
  return digits ? Number(digits) : null;
};
const member = (href) => /\/member\/([^/]+)\//.exec(href ?? '')?.[1].toLowerCase() ?? null;

function parse(html, url) {
  const $ = cheerio.load(html);
  const info = $('.listing-available-info');
  const said = info.text();
  const money = /\b([A-Z]{3})?\s*[^\d\s]?\s*(\d[\d,]*)/.exec(
    info.find('span.info-value strong, [data-listing-currently] strong').first().text());
  const groups = {};
  $('.group-item .group-link, .group-item .group-title').each((_, link) => {
    const label = $(link).find('.group-title-label').text();
    (groups[label] ??= []).push($(link).contents().filter((_, node) => node.type === 'text').text().trim());
  });
  const essentials = $('.essentials');
  const details = essentials.find('li').map((_, li) => $(li).text().trim()).get();
  const chassis = details.find((detail) => detail.startsWith('Chassis:'));
  const gallery = $('#bat_listing_page_photo_gallery [data-gallery-items]').attr('data-gallery-items');
  const end = info.find('[data-timestamp], [data-until]').first();
  const seconds = end.attr('data-timestamp') ?? end.attr('data-until');
  return [
    url,
    Number($('[data-listing-intro-id]').attr('data-listing-intro-id')),
    number(/Lot\s*#([\d,]+)/.exec(essentials.text())?.[1]),
    $('h1.post-title').first().text().trim(),
    STATES.find(([word]) => said.includes(word))?.[1] ?? 'ended',
    money?.[1] ?? null,
    number(money?.[2]),
    $('.item-tag-noreserve').length > 0,
    member(essentials.find('.item-seller a').attr('href')),
    member($('[data-listing-high-bidder-link] a').attr('href')),
    essentials.find("a[href*='maps/place']").first().text() || null,
    chassis?.split(':').slice(1).join(':').trim() ?? null,
    details,
    groups.Make?.[0] ?? null,
    groups.Model?.[0] ?? null,
    groups.Era?.[0] ?? null,
    groups.Origin?.[0] ?? null,
    groups.Category ?? [],
    seconds ? new Date(Number(seconds) * 1000) : null,
    number($('.number-bids-value').first().text()),
    number($('.comments_header_html .info-value').first().text()),
    number($('[data-stats-item=views]').first().text()),
    number($('[data-stats-item=watchers]').first().text()),
    $('div.post-excerpt[tabindex] p').map((_, p) => $(p).text()).get().join(' '),
    gallery ? JSON.parse(gallery).filter((item) => item.large).map((item) => item.large.url.split('?')[0]) : [],
  ];
}

const client = new pg.Client(dsn);
await client.connect();
const started = performance.now();
// The next page is under way while one is parsed.
let next = fetch(base + new URL(urls[0]).pathname).then((response) => response.text());
for (let n = 0; n < urls.length; n += 1) {
  const html = await next;
  if (n + 1 < urls.length) next = fetch(base + new URL(urls[n + 1]).pathname).then((response) => response.text());
  await client.query({ ...STATEMENT, values: parse(html, urls[n]) });
}
console.log(((performance.now() - started) / 1000).toFixed(3));
await client.end();
