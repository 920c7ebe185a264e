//! Pages made by hand, years ago: tables, capitals, and Latin-1.

use super::{Asked, Car, Frame, Lot, Marks, Markup, Number, Offer, State, Tells};
use crate::text::escape;

#[derive(Debug)]
pub(in crate::dealers) struct HandMade;

impl Markup for HandMade {
    fn platform(&self) -> Option<&'static str> {
        None
    }
    fn script(&self) -> Option<&'static str> {
        None
    }
    fn list_path(&self) -> Option<&'static str> {
        Some("/inventory.html")
    }
    fn link_text(&self) -> &'static str {
        "Our Cars"
    }
    fn per_page(&self) -> usize {
        1_000
    }
    fn marks(&self) -> Marks {
        Marks { sold: true, pending: true }
    }
    fn tells(&self) -> Tells {
        Tells { bare_mileage: false, code: false, silent: false, price_when_sold: false }
    }
    fn item_path(&self, car: &Car) -> String {
        format!("/cars/{}_{}.html", car.slug().replace('-', "_"), car.id)
    }
    fn is_latin_1(&self) -> bool {
        true
    }

    fn list(&self, frame: Frame<'_>, lot: &Lot, page: usize) -> String {
        let cars: String = lot.page(page).into_iter().map(|offer| entry(frame, offer)).collect();
        format!(
            "{}<CENTER><FONT SIZE=5>Caf\u{e9}, cars & coffee \u{2013} our inventory</FONT></CENTER>\n<DIV class=content>\n{cars}</DIV>\n{}",
            head(frame, "Inventory"),
            foot(frame)
        )
    }

    fn item(&self, frame: Frame<'_>, _lot: &Lot, offer: &Offer) -> String {
        let car = &offer.car;
        format!(
            "{}<H1 class=\"entry-header gray\">{}</H1>\n{}{}<H3>Description</H3>\n<P>{}</P>\n{}",
            head(frame, &car.title()),
            escape(&title(car)),
            frame.photos(car),
            table(frame, offer, true),
            escape(&car.description()),
            foot(frame)
        )
    }
}

fn head(frame: Frame<'_>, title: &str) -> String {
    format!(
        "<HTML><HEAD><META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=iso-8859-1\">\n<TITLE>{} - {}</TITLE></HEAD>\n\
         <BODY BGCOLOR=#FFFFFF><A HREF=\"{}/\">Home</A>\n",
        escape(title),
        escape(&frame.site.name),
        frame.base
    )
}

fn foot(frame: Frame<'_>) -> String {
    format!("<HR><P>\u{a9} {}</P>\n</BODY></HTML>\n", escape(&frame.site.name))
}

/// The title, with a short chassis number behind it.
fn title(car: &Car) -> String {
    match &car.number {
        Number::Short(number) => format!("{}, s/n {number}", car.title()),
        _ => car.title(),
    }
}

fn entry(frame: Frame<'_>, offer: &Offer) -> String {
    format!(
        "<DIV class=car>\n<H1 class=\"entry-header gray\"><A HREF=\"{}\">{}</A></H1>\n<IMG SRC=\"{}\" WIDTH=320>\n{}</DIV>\n",
        frame.item(offer),
        escape(&title(&offer.car)),
        frame.photo(&offer.car, 1),
        table(frame, offer, false)
    )
}

/// Names and values of a car; on its own page more of them.
fn table(frame: Frame<'_>, offer: &Offer, all: bool) -> String {
    let car = &offer.car;
    let vin = match &car.number {
        Number::Short(_) => None,
        number => number.printed().map(str::to_owned),
    };
    let price = match offer.state {
        State::Sold | State::Gone => "SOLD".to_owned(),
        _ if car.asked == Asked::Amount => format!("{}.00", frame.list_price(offer)),
        _ => frame.list_price(offer),
    };
    let mut rows =
        vec![("Price", Some(price)), ("Mileage", car.mileage()), ("Stock", Some(car.stock.clone()))];
    if offer.state == State::Pending {
        rows.push(("Status", Some("SALE PENDING".to_owned())));
    }
    if all {
        rows.extend([
            ("VIN", vin),
            ("Exterior", Some(car.paint.to_owned())),
            ("Interior", Some(car.upholstery.to_owned())),
            ("Engine", Some(car.engine.to_owned())),
            ("Transmission", Some(car.transmission.to_owned())),
        ]);
    }
    let rows: String = rows
        .into_iter()
        .filter_map(|(label, value)| {
            Some(format!(
                "<TR><TD class=\"car-detail-name\">{label}</TD><TD class=\"car-detail-value\">{}</TD></TR>\n",
                escape(&value?)
            ))
        })
        .collect();
    format!("<TABLE BORDER=0>\n{rows}</TABLE>\n")
}
