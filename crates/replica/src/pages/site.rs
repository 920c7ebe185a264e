//! The partners' own web sites: home and contact pages in the forms that dealers' sites have, and images.

use serde_json::{Value, json};

use crate::model::directory::Row;
use crate::model::names;
use crate::random::Random;
use crate::text::{escape, slug};

/// How a site publishes who it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A complete JSON-LD block.
    JsonLd,
    /// The block is broken (trailing comma, raw line break) but can be mended.
    BrokenJsonLd,
    /// Meta tags, attributes in reversed order, `tel:` and `mailto:` links.
    Meta,
    /// JSON-LD within `@graph`, type as an array.
    Graph,
    /// Nothing but a name and a logo.
    Bare,
    /// `<address>` and links in the footer; a commented-out block of another business.
    Footer,
}

/// A partner's site.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub slug: String,
    pub name: String,
    pub form: Form,
    pub phone: String,
    pub email: String,
    pub street: String,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: String,
    pub country: &'static str,
    pub latitude: f64,
    pub longitude: f64,
    pub description: String,
}

impl Site {
    /// The sites of a directory, one for each account.
    pub fn all(seed: u64, rows: &[Row]) -> Vec<Self> {
        let count = rows.iter().map(|row| row.site + 1).max().unwrap_or(0);
        let mut sites: Vec<Self> = Vec::with_capacity(count);
        for row in (0..count).filter_map(|site| rows.iter().find(|row| row.site == site)) {
            let mut site = Self::of(seed, row);
            // Two businesses may have one name.
            if sites.iter().any(|other| other.slug == site.slug) {
                site.slug = format!("{}-{}", site.slug, row.site);
            }
            sites.push(site);
        }
        sites
    }

    fn of(seed: u64, row: &Row) -> Self {
        let mut random = Random::of(seed, "site", row.site as u64);
        let forms = [Form::JsonLd, Form::BrokenJsonLd, Form::Meta, Form::Graph, Form::Bare, Form::Footer];
        let slug = slug(&row.name);
        let (area, prefix) = (random.between(201, 989), random.between(221, 989));
        let phone = match row.country {
            "GB" => "+442079460321".to_owned(),
            "DE" => "+4970715550123".to_owned(),
            "BE" => "+3255310123".to_owned(),
            "NL" => "+31226310123".to_owned(),
            "CA" => format!("+1613{prefix}4{:03}", random.between(100, 999)),
            // Area codes in use: an invented one fails a number check.
            _ => format!(
                "+1{}{prefix}4{:03}",
                [602, 415, 303, 305, 312, 503, 713, 206][area as usize % 8],
                random.between(100, 999)
            ),
        };
        Self {
            email: format!("sales@{slug}.test"),
            name: row.name.clone(),
            form: forms[row.site % forms.len()],
            phone,
            street: names::street(&mut random),
            city: row.city.clone(),
            state: row.state.clone(),
            zip: if row.country == "US" {
                format!("{:05}", random.between(10_001, 99_499))
            } else {
                String::new()
            },
            country: row.country,
            latitude: random.between(30_000, 48_000) as f64 / 1_000.0,
            longitude: -random.between(70_000, 120_000) as f64 / 1_000.0,
            description: format!(
                "{} prepares, photographs and sells collector vehicles for their owners, from a workshop with storage for forty cars.",
                row.name
            ),
            slug,
        }
    }

    fn json_ld(&self, base: &str) -> Value {
        json!({
            "@context": "https://schema.org", "@type": "AutoDealer", "name": self.name, "url": format!("{base}/"),
            "description": self.description, "telephone": self.phone, "email": self.email,
            "logo": format!("{base}/assets/logo.png"), "image": format!("{base}/assets/banner.png"),
            "address": {
                "@type": "PostalAddress", "streetAddress": self.street, "addressLocality": self.city,
                "addressRegion": self.state, "postalCode": self.zip, "addressCountry": self.country,
            },
            "geo": {"@type": "GeoCoordinates", "latitude": self.latitude, "longitude": self.longitude},
            "sameAs": [format!("https://www.facebook.com/{}", self.slug), format!("https://www.instagram.com/{}/", self.slug)],
        })
    }

    fn structured(&self, base: &str) -> String {
        let block = self.json_ld(base);
        match self.form {
            Form::JsonLd => format!("<script type=\"application/ld+json\">{block}</script>"),
            Form::BrokenJsonLd => {
                let broken = block.to_string().replacen("a workshop", "a\nworkshop", 1);
                format!("<script type=\"application/ld+json\">{},}}</script>", broken.trim_end_matches('}'))
            }
            Form::Graph => {
                let mut block = block;
                block["@type"] = json!(["AutoDealer", "AutoRepair"]);
                let graph = json!({"@context": "https://schema.org", "@graph": [
                    {"@type": "WebSite", "name": "Home", "url": format!("{base}/")}, block,
                ]});
                format!("<script type='Application/LD+JSON; charset=utf-8'>//<![CDATA[\n{graph}\n//]]></script>")
            }
            Form::Footer => "<!-- <script type=\"application/ld+json\">{\"@type\":\"AutoDealer\",\"name\":\"Demo Dealer\",\"telephone\":\"+12125550100\"}</script> -->".to_owned(),
            Form::Meta | Form::Bare => String::new(),
        }
    }

    fn meta(&self, base: &str) -> String {
        let (name, text) = (escape(&self.name), escape(&self.description));
        match self.form {
            Form::Bare => String::new(),
            Form::Meta => format!(
                "<meta content=\"{text}\" name=\"description\">\n<meta content='{name}' property='og:site_name'>\n<meta content=\"{base}/assets/banner.png\" property=\"og:image\">\n"
            ),
            _ => format!(
                "<meta name=\"description\" content=\"{text}\">\n<meta property=\"og:site_name\" content=\"{name}\">\n<meta property=\"og:image\" content=\"{base}/assets/banner.png\">\n"
            ),
        }
    }

    fn contacts(&self) -> String {
        let national = self.phone.trim_start_matches("+1");
        let mail = escape(&self.email);
        let place =
            [self.city.as_deref().unwrap_or_default(), self.state.as_deref().unwrap_or_default()].join(", ");
        match self.form {
            Form::Bare => String::new(),
            Form::JsonLd | Form::Graph => "<p>Open by appointment.</p>".to_owned(),
            Form::BrokenJsonLd => format!(
                "<a href=\"tel:{0}\">{0}</a> <a href=\"mailto:{mail}?subject=Hello\">Write to us</a>",
                self.phone
            ),
            Form::Meta => format!(
                "<a class=\"phone\" href='tel:{}'>Call {national}</a> <a href='MAILTO:{mail}'>{mail}</a>",
                self.phone
            ),
            Form::Footer => format!(
                "<footer><address>{}<br>{} {}</address><p>Fax: 212-555-0199</p><a href=\"tel:{}\">Phone</a> <a href=\"mailto:{mail}\">{mail}</a> \
                 <a class=\"facebook\" href=\"https://www.facebook.com/{slug}\"></a> <a href=\"https://www.facebook.com/sharer.php?u=x\">Share</a> \
                 <a href=\"https://www.instagram.com/{slug}/\"></a></footer>",
                escape(&self.street),
                escape(&place),
                self.zip,
                self.phone,
                slug = self.slug
            ),
        }
    }

    /// The home page, with more in its head and a further link in its menu; every landing page shows it too.
    pub fn home(&self, base: &str, head: &str, link: &str) -> String {
        let name = escape(&self.name);
        let icon = match self.form {
            Form::Bare => String::new(),
            Form::Meta => format!(
                "<link href='{base}/assets/icon.png' rel='shortcut icon' sizes='64x64'>\n<link rel=\"mask-icon\" href=\"{base}/assets/logo.svg\">\n"
            ),
            _ => {
                "<link rel=\"icon\" type=\"image/png\" sizes=\"64x64\" href=\"assets/icon.png\">\n".to_owned()
            }
        };
        let hero = if self.form == Form::Bare {
            ""
        } else {
            "<div class=\"hero\"><img src=\"assets/banner.png\" width=\"1200\" height=\"400\" alt=\"\"></div>"
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><base href=\"{base}/\">\n<title>{name} | Collector Cars</title>\n{head}{}{icon}{}</head>\n\
             <body><header><a href=\"{base}/\" class=\"logo\"><img src=\"assets/logo.png\" alt=\"{name} logo\"></a>\
             <nav>{link}<a href=\"about\">About</a> <a href=\"contact\">Contact</a> <a href=\"https://bringatrailer.com/\">On BaT</a></nav></header>\n\
             {hero}\n<h1>{name}</h1>\n<p>{}</p>\n{}\n</body></html>\n",
            self.meta(base),
            self.structured(base),
            escape(if self.form == Form::Bare { "Welcome." } else { &self.description }),
            self.contacts(),
        )
    }

    /// The contact page; the "about" page shows it too.
    pub fn contact(&self, base: &str) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Contact</title></head><body><a href=\"{base}/\">Home</a>\n<h1>Contact</h1>\n{}\n</body></html>\n",
            self.contacts()
        )
    }

    /// What a reader of the home page should find; null where the page does not say.
    pub fn truth(&self, base: &str) -> Value {
        let structured = matches!(self.form, Form::JsonLd | Form::BrokenJsonLd | Form::Graph);
        let address = structured || self.form == Form::Footer;
        let contact = self.form != Form::Bare;
        let social = structured || self.form == Form::Footer;
        let has = |yes: bool, value: Value| if yes { value } else { Value::Null };
        json!({
            "name": has(contact, json!(self.name)),
            "description": has(contact, json!(self.description)),
            "phone": has(contact, json!(self.phone)),
            "email": has(contact, json!(self.email)),
            "address": has(address, json!(self.street)),
            "city": has(address, json!(self.city)),
            "state": has(address, json!(self.state)),
            "zip_code": has(address && !self.zip.is_empty(), json!(self.zip)),
            // A footer names no country, but a state or province tells it.
            "country": has(structured || address && self.state.is_some(), json!(self.country)),
            "latitude": has(structured, json!(self.latitude)),
            "longitude": has(structured, json!(self.longitude)),
            "logo_url": format!("{base}/assets/logo.png"),
            "favicon_url": has(contact, json!(format!("{base}/assets/icon.png"))),
            "banner_url": has(contact, json!(format!("{base}/assets/banner.png"))),
            "social_links": if social { json!({
                "facebook": format!("https://www.facebook.com/{}", self.slug),
                "instagram": format!("https://www.instagram.com/{}/", self.slug),
            }) } else { json!({}) },
            "form": format!("{:?}", self.form),
        })
    }
}
