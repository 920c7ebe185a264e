-- Whether a peer stored what the extension stored: the same listings, in the same states, at the same prices.
SELECT count(*) || ' of ' || (SELECT count(*) FROM bat_listings) || ' rows, '
    || count(*) FILTER (WHERE p.status = l.status) || ' states, '
    || count(*) FILTER (WHERE p.amount IS NOT DISTINCT FROM COALESCE(l.sale_price, l.high_bid, l.current_bid)) || ' amounts, '
    || count(*) FILTER (WHERE p.seller = l.seller_username) || ' sellers, '
    || count(*) FILTER (WHERE cardinality(p.image_urls) = cardinality(l.image_urls)) || ' galleries equal'
FROM peer_listings AS p
JOIN bat_listings AS l USING (url)
