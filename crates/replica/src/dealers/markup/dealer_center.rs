//! DealerCenter's "DWS", a plugin for WordPress: facts in attributes, pictures that are loaded later.

use super::{Car, Frame, Lot, Marks, Markup, Offer, Tells, pager};
use crate::text::{escape, slug, thousands};

#[derive(Debug)]
pub(in crate::dealers) struct DealerCenter;

impl Markup for DealerCenter {
    fn platform(&self) -> Option<&'static str> {
        Some("DealerCenter")
    }
    fn script(&self) -> Option<&'static str> {
        Some("https://dwssecuredforms.dealercenter.net/assets/js/embed.js")
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/inventory/")
    }
    fn link_text(&self) -> &'static str {
        "Inventory"
    }
    fn per_page(&self) -> usize {
        30
    }
    fn page_parameter(&self) -> &'static str {
        "page_no"
    }
    fn marks(&self) -> Marks {
        Marks { sold: false, pending: false }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: true, code: false, silent: true, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/inventory/{}/{}/{}/", slug(car.make), slug(&car.model), car.stock.to_lowercase())
    }
    fn is_tagged(&self) -> bool {
        true
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let cards: String = lot.page(page).into_iter().map(|offer| card(frame, offer)).collect();
        let pages = pager(lot, page, |number| format!("{}/inventory/?page_no={number}", frame.base), false);
        format!(
            "{}<div class=\"dws-vehicle-listing\">\n{cards}</div>\n<ul class=\"dws-pagination pagination\">{pages}</ul>\n{}",
            frame.head(
                self,
                "Inventory",
                "<link href=\"/wp-content/plugins/dws/dws.css\" rel=\"stylesheet\">\n"
            ),
            frame.foot()
        )
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        let price = match offer.amount() {
            _ if offer.is_sold() => field_of_price("SOLD"),
            Some(amount) => field_of_price(&format!("{} *", frame.amount(amount))),
            None => String::new(),
        };
        let fields = [
            ("stock-number", Some(car.stock.clone())),
            ("vin", car.number.printed().map(str::to_owned)),
            ("mileage", car.bare_mileage().map(thousands)),
            ("exterior-color", Some(car.paint.to_owned())),
            ("interior-color", Some(car.upholstery.to_owned())),
            ("engine", Some(car.engine.to_owned())),
            ("transmission", Some(car.transmission.to_owned())),
        ];
        let fields: String = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .map(|(name, value)| {
                format!(
                    "<div class=\"dws-icons-feature dws-icons-feature-{name}\"><span class=\"dws-vehicle-fields-value\">{}</span></div>\n",
                    escape(&value)
                )
            })
            .collect();
        // What the plugin for search engines was never told.
        let crumbs = "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"WebPage\",\"name\":\"Vehicle\"},\
             {\"@type\":\"BreadcrumbList\",\"itemListElement\":[{\"@type\":\"ListItem\",\"position\":1,\"name\":\"{{Year}} {{Make}} {{Model}}\"}]}]}</script>\n";
        format!(
            "{}<h1>{}</h1>\n{price}{fields}<h2>Description</h2>\n<p>{}</p>\n{}{}",
            frame.head(self, &car.title(), crumbs),
            escape(&car.title()),
            escape(&car.description()),
            frame.photos(car),
            frame.foot()
        )
    }
}

fn field_of_price(text: &str) -> String {
    format!(
        "<div class=\"dws-vdp-single-field-vehicleprice\"><span class=\"dws-vdp-single-field-value-vehicleprice\">{text}</span></div>\n"
    )
}

fn card(frame: Frame<'_>, offer: &Offer) -> String {
    let car = &offer.car;
    let title = escape(&car.title());
    let price = offer.amount().map_or_else(String::new, |_| {
        format!(
            "<div class=\"dws-vehicle-price\"><span class=\"dws-vehicle-price-value\">{}</span></div>",
            frame.list_price(offer)
        )
    });
    let mileage = car.bare_mileage().map_or_else(String::new, |value| {
        format!(
            "<div class=\"dws-vehicle-field-mileage\"><span class=\"dws-vehicle-field-label\">Mileage</span> \
             <span class=\"dws-vehicle-listing-item-field-value\">{}</span></div>",
            thousands(value)
        )
    });
    let photo = if car.index.is_multiple_of(11) {
        format!("{}/wp-content/plugins/dws/vehicle-image-notavailable.jpg", frame.base)
    } else {
        frame.photo(car, 1)
    };
    format!(
        "<div class=\"dws-vehicle-listing-item\" data-vehicle-vin=\"{}\" data-vehicle-stock-no=\"{}\" data-dws-title=\"{title}\">\n\
         <a href=\"{url}\"><div class=\"lozad\" data-background-image=\"{photo}\"></div></a>\n\
         <h3><a href=\"{url}\">{title}</a></h3>\n{price}{mileage}\n</div>\n",
        car.number.printed().unwrap_or_default(),
        car.stock,
        url = frame.item(offer),
    )
}
