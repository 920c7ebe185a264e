//! WordPress with a theme for dealers: a post for each car, and a sitemap of them; no page lists them.

use super::{Car, Document, Frame, Lot, Marks, Markup, Offer, Tells, facts, status_word};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct WordPress;

const XML: &str = "application/xml; charset=UTF-8";

impl Markup for WordPress {
    fn platform(&self) -> Option<&'static str> {
        Some("WordPress")
    }
    fn script(&self) -> Option<&'static str> {
        None
    }
    fn head(&self) -> String {
        "<link rel=\"stylesheet\" href=\"/wp-content/themes/motors/style.css\">\n".to_owned()
    }
    fn list_path(&self) -> Option<&'static str> {
        None
    }
    fn link_text(&self) -> &'static str {
        "Home"
    }
    fn per_page(&self) -> usize {
        1
    }
    fn marks(&self) -> Marks {
        Marks { sold: true, pending: true }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: false, silent: false, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/listings/{}/", car.numbered_slug())
    }
    fn robots(&self, frame: Frame<'_>) -> String {
        format!(
            "User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n\nSitemap: {}/sitemap_index.xml\n",
            frame.base
        )
    }

    fn list(&self, frame: Frame<'_>, _lot: &Lot, _page: usize) -> String {
        format!("{}{}", frame.head(self, "Listings", ""), frame.foot())
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let mut facts = facts(car, false);
        facts.push(("Stock id", car.stock.clone()));
        facts.push(("Status", status_word(offer.state).to_owned()));
        let rows: String = facts
            .iter()
            .map(|(label, value)| {
                format!(
                    "<tr><td class=\"t-label\">{label}</td><td class=\"t-value h6\">{}</td></tr>\n",
                    escape(value)
                )
            })
            .collect();
        let price = if offer.is_sold() {
            String::new()
        } else {
            format!(
                "<div class=\"single-car-prices\"><div class=\"single-regular-price text-center\"><span class=\"h3\">{}</span></div></div>\n",
                frame.price(offer)
            )
        };
        let head = "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"WebPage\",\"name\":\"Listing\"}]}</script>\n";
        format!(
            "{}<h1 class=\"title\">{}</h1>\n{price}{}<div class=\"single-car-data\"><table>\n{rows}</table></div>\n<h4>Overview</h4>\n<p>{}</p>\n{}",
            frame.head(self, &car.title(), head),
            escape(&car.title()),
            frame.photos(car),
            escape(&car.description()),
            frame.foot()
        )
    }

    fn document(&self, frame: Frame<'_>, lot: &Lot, path: &str, _page: usize) -> Option<Document> {
        let base = frame.base;
        let text = match path {
            "/sitemap_index.xml" => format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
                 <sitemap><loc>{base}/page-sitemap.xml</loc></sitemap>\n<sitemap><loc>{base}/listings-sitemap.xml</loc></sitemap>\n</sitemapindex>\n"
            ),
            "/page-sitemap.xml" => {
                url_set(&[format!("{base}/"), format!("{base}/contact"), format!("{base}/about")])
            }
            "/listings-sitemap.xml" => {
                let urls: Vec<String> =
                    lot.listed.iter().map(|&index| frame.item(&lot.offers[index])).collect();
                url_set(&urls)
            }
            _ => return None,
        };
        Some(Document { content_type: XML, text })
    }
}

fn url_set(urls: &[String]) -> String {
    // The plugin renews all dates with each car: they tell nothing.
    let entry =
        |url: &String| format!("<url><loc>{url}</loc><lastmod>2026-04-28T00:00:00+00:00</lastmod></url>\n");
    let entries: String = urls.iter().map(entry).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{entries}</urlset>\n"
    )
}
