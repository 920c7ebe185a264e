//! What is the same on every listing page: most of its bytes. Rendered once.

use std::fmt::Write as _;
use std::sync::Arc;

use super::auction;
use crate::model::listing::Listing;
use crate::page::Piece;
use crate::random::Random;

/// The pieces around a listing's own parts, in page order.
#[derive(Debug)]
pub(crate) struct Shell {
    /// The script nonce; on the real site it changes with each request, which a site of fixed bytes cannot copy.
    pub nonce: String,
    /// Styles and scripts of the head, after the title.
    pub head: Arc<Piece>,
    /// End of the head's scripts, header and menus.
    pub menus: Arc<Piece>,
    /// Video templates, between article and galleries.
    pub videos: Arc<Piece>,
    /// Pop-ups and comment templates, between the bid table and the essentials.
    pub modals: Arc<Piece>,
    /// Sidebar with other auctions, events, footer and scripts.
    pub sidebar: Arc<Piece>,
    /// End of the page, after the thread.
    pub end: Arc<Piece>,
}

impl Shell {
    /// Renders the shell; `current` are the auctions that the sidebar shows.
    pub fn new(seed: u64, current: &[Arc<Listing>]) -> Self {
        let mut random = Random::of(seed, "shell", 0);
        let nonce = format!("{}==", random.hex(22));
        let with_nonce = |template: &str| template.replace("{nonce}", &nonce);
        let mut modals = with_nonce(include_str!("../../templates/modals.html"));
        let _ = writeln!(modals, "<script nonce='{nonce}'>{}</script>", scripts(&mut random, 66_000));
        modals.push_str(&with_nonce(include_str!("../../templates/comment_templates.html")));
        modals.push_str("        </div>\n</div>\n                </div>\n                <div class=\"column column-right column-right-force column-flex-right\">\n");
        Self {
            head: Piece::new(head(&mut random, &nonce)),
            menus: Piece::new(menus(&nonce)),
            videos: Piece::new(with_nonce(include_str!("../../templates/video_templates.html"))),
            modals: Piece::new(modals),
            sidebar: Piece::new(sidebar(&mut random, &nonce, current)),
            end: Piece::new(end(&mut random, &nonce)),
            nonce,
        }
    }
}

/// Style rules of made-up widgets, about `bytes` of them: stands for the stylesheets of a dozen plugins.
fn styles(random: &mut Random, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 200);
    while out.len() < bytes {
        let _ = write!(
            out,
            ".widget-{}{{margin:{}px {}px;color:#{};background:rgb({},{},{})}}",
            random.hex(6),
            random.below(40),
            random.below(40),
            random.hex(6),
            random.below(256),
            random.below(256),
            random.below(256)
        );
    }
    out
}

/// Script of made-up functions, about `bytes` of it, with the strings that mislead careless patterns.
fn scripts(random: &mut Random, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 400);
    while out.len() < bytes {
        let name = random.hex(8);
        let _ = write!(
            out,
            "\n\tBaT_Theme.f{name} = function(row) {{ var bid = jQuery('[data-listing-current-bidding=\"' + BaT_Theme.post + '\"]'); \
             if (row.type === 'bat-bid-reserve' && row.amount > {}) {{ return '<td class=\"listing-stats-label\">High Bid</td>'; }} return bid.data('f{name}'); }};",
            random.below(90_000)
        );
    }
    out
}

fn head(random: &mut Random, nonce: &str) -> String {
    let mut out = format!(
        "\t<!-- Tag Manager -->\n        <script nonce='{nonce}'>(function(w,l){{w[l]=w[l]||[];w[l].push({{'event':'js'}});}})(window,'dataLayer');</script>\n\
         <meta name='robots' content='max-image-preview:large' />\n\
         \t<style nonce='{nonce}'>img:is([sizes=\"auto\" i], [sizes^=\"auto,\" i]) {{ contain-intrinsic-size: 3000px 1500px }}</style>\n"
    );
    for (id, bytes) in [("wp-block-library", 2_000), ("elasticpress-facet", 3_000), ("global-styles", 9_000)]
    {
        let _ = writeln!(
            out,
            "<style nonce='{nonce}' id='{id}-inline-css'>\n{}\n</style>",
            styles(random, bytes)
        );
    }
    let _ = write!(
        out,
        "<link rel='stylesheet' id='all-css-2' href='https://bringatrailer.com/_static/??-{}' type='text/css' media='all' />\n\
         <script type=\"text/javascript\" id=\"bat-pusher-js-extra\" nonce=\"{nonce}\">\n/* <![CDATA[ */\nvar BAT_WEBSERVICES_PUSHER = {{\"key\":\"{}\",\
         \"strings\":{{\"ended\":\"Ended\",\"withdrawn\":\"Withdrawn on\",\"reserve\":\"Reserve not met at\",\"sold\":\"Sold to %s for\",\
         \"none\":\"No bids were placed on\",\"comment\":\"1 Comment\",\"comments\":\"No Comments\"}}}};\n/* ]]> */\n</script>\n\
         <script nonce='{nonce}' type=\"text/javascript\">{}</script>\n",
        random.hex(200),
        random.hex(20),
        scripts(random, 26_000)
    );
    out
}

const MAKES: &[&str] = &[
    "AC",
    "Alfa Romeo",
    "Aston Martin",
    "Audi",
    "Bentley",
    "BMW",
    "Bugatti",
    "Buick",
    "Cadillac",
    "Chevrolet",
    "Citroën",
    "Datsun",
    "DeTomaso",
    "Dodge",
    "Ferrari",
    "Fiat",
    "Ford",
    "GMC",
    "Honda",
    "Iso",
    "Jaguar",
    "Jeep",
    "Lamborghini",
    "Lancia",
    "Land Rover",
    "Lotus",
    "Maserati",
    "Mazda",
    "Mercedes-Benz",
    "MG",
    "Mini",
    "Nissan",
    "Oldsmobile",
    "Opel",
    "Packard",
    "Plymouth",
    "Pontiac",
    "Porsche",
    "Renault",
    "Rolls-Royce",
    "Saab",
    "Studebaker",
    "Subaru",
    "Toyota",
    "Triumph",
    "TVR",
    "Volkswagen",
    "Volvo",
];

/// Menus, printed twice as on the real page: once for small screens, once for large ones.
fn menus(nonce: &str) -> String {
    let mut out = format!(
        "<link rel=\"apple-touch-icon\" sizes=\"180x180\" href=\"https://bringatrailer.com/wp-content/themes/bringatrailer/assets/img/apple-touch-icon-180x180.png\">\n\
         <script nonce='{nonce}'>var tribe = {{}};</script>\n"
    );
    for screen in ["mobile", "desktop"] {
        let _ = write!(out, "<nav class=\"site-nav site-nav-{screen}\"><ul class=\"menu\">");
        for (number, make) in MAKES.iter().enumerate() {
            for (kind, path) in [("models", "models"), ("makes", "make"), ("results", "results")] {
                let _ = writeln!(
                    out,
                    "<li id=\"menu-item-{}\" class=\"menu-item menu-item-type-custom menu-item-object-custom\"><a href=\"https://bringatrailer.com/{}/\">{make} {kind}</a></li>",
                    38_790_000 + number,
                    crate::text::slug(make) + "/" + path
                );
            }
        }
        out.push_str("</ul></nav>\n");
    }
    out.push_str("\t</header>\n\t<main>\n");
    out
}

fn sidebar(random: &mut Random, nonce: &str, current: &[Arc<Listing>]) -> String {
    let mut out = String::from("<div class=\"sidebar\">\n");
    let _ = write!(
        out,
        "<div class=\"widget latest-features\"><h5 class=\"widget-title\"><a href=\"https://bringatrailer.com/features/\">Recent BaT Features</a></h5></div>\n\
         <script nonce='{nonce}' type=\"application/ld+json\">\n[{{\"@context\":\"http://schema.org\",\"@type\":\"Event\",\"name\":\"Rally of the Four Valleys\",\
         \"description\":\"&lt;p&gt;From the organizer: sold out, $450 a car.&lt;/p&gt;\\\\n\",\"offers\":{{\"@type\":\"Offer\",\"price\":\"450\",\"priceCurrency\":\"USD\"}},\
         \"location\":{{\"@type\":\"Place\",\"address\":{{\"addressCountry\":\"US\"}}}},\"startDate\":\"2026-05-09T00:00:00-07:00\"}}]\n</script>\n\
         <script nonce='{nonce}' data-js=\"tribe-events-view-data\" type=\"application/json\">\n{{\"css\":\"{}\"}}\n</script>\n",
        styles(random, 14_000)
    );
    out.push_str("<div class=\"widget bat-listings-widget-current-auctions\"><h5 class=\"widget-title\"><a href=\"https://bringatrailer.com/auctions/\">Current BaT Auctions</a></h5>\n<div class=\"current-auctions group\">\n");
    for listing in current.iter().take(48) {
        out.push_str(&auction::sidebar_card(listing));
    }
    let _ = write!(
        out,
        "</div></div></div>\n</div></div></div></main>\n<footer class=\"site-footer\"><ul class=\"menu footer-menu\"><li><a href=\"https://bringatrailer.com/about/\">About BaT</a></li></ul></footer>\n\
         <div class=\"modal-cover\" id=\"modal-login\"><div class=\"modal-popup\"><div class=\"modal-content\"><h1>Log In</h1></div></div></div>\n\
         <script nonce='{nonce}' type=\"text/html\" id=\"tmpl-gallery\"><div class=\"gallery\" data-bind=\"template: {{ foreach: visible }}\"></div></script>\n\
         <script nonce='{nonce}'>{}</script>\n",
        scripts(random, 30_000)
    );
    out
}

fn end(random: &mut Random, nonce: &str) -> String {
    format!(
        "<script type=\"text/javascript\" id=\"bat.shipping-js-extra\" nonce=\"{nonce}\">\n/* <![CDATA[ */\nvar BAT_SHIPPING = {{\"key\":\"{}\"}};\n/* ]]> */\n</script>\n\
         <script nonce='{nonce}'>{}</script>\n</body>\n</html>\n",
        random.hex(60),
        scripts(random, 9_000)
    )
}
