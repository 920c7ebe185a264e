//! Pages of one thing over and over: what makes a careless parser quadratic.
#![allow(dead_code, reason = "each user needs a part of it")]

mod long_texts;
mod references;

pub use long_texts::long_texts;
pub use references::references;

/// A page that begins and ends so, and is filled with something in between.
pub struct Flood {
    /// Name.
    pub name: &'static str,
    /// Whether it is a filling in a place of a page, which is in a page of nothing else as well.
    pub is_in_a_place: bool,
    start: String,
    /// What the page is filled with up to its half, if with anything else.
    text: &'static str,
    /// What stands between the two.
    middle: &'static str,
    filling: Filling,
    end: &'static str,
}

enum Filling {
    /// The same piece again and again.
    Piece(String),
    /// Pieces that differ by the number in place of `#`.
    Numbered(&'static str),
}

impl Flood {
    fn new(name: &'static str, start: &str, piece: &str, end: &'static str) -> Self {
        let filling = Filling::Piece(piece.to_owned());
        Self { name, is_in_a_place: false, start: start.to_owned(), text: "", middle: "", filling, end }
    }

    /// A page of about so many bytes.
    pub fn page(&self, size: usize) -> Vec<u8> {
        let mut page = String::with_capacity(size + 1024);
        page.push_str(&self.start);
        while !self.text.is_empty() && page.len() < size / 2 {
            page.push_str(self.text);
        }
        page.push_str(self.middle);
        let mut number = 0;
        while page.len() + self.end.len() < size {
            match &self.filling {
                Filling::Piece(piece) => page.push_str(piece),
                Filling::Numbered(piece) => page.push_str(&piece.replace('#', &number.to_string())),
            }
            number += 1;
        }
        page.push_str(self.end);
        page.into_bytes()
    }
}

/// What stands around the filling, and what stands behind it: the places that some parser looks into.
const PLACES: [(&str, &str, &str); 16] = [
    ("page", "", ""),
    ("title", "<title>", "</title>"),
    ("heading", "<h1 class=\"post-title listing-post-title\">1967 AC Cobra ", "</h1>"),
    ("attribute", "<a href=\"/contact\" class=\"logo\" title=\"", "\">x</a>"),
    ("link", "<a href=\"https://www.mesa-motors.com/vehicles/", "\">1967 AC Cobra</a>"),
    ("essentials", "<div class=essentials><ul><li>Chassis: ", "</ul></div>"),
    ("article", "<div class=post-excerpt><p>", "</p></div>"),
    (
        "result",
        "<table id=listing-bid><tr><td class=listing-stats-label>Winning Bid</td><td>",
        "</td></tr></table>",
    ),
    (
        "card",
        "<div class=listing-card><h3><a href=/listing/x/>x</a></h3><div class=item-results>",
        "</div></div>",
    ),
    (
        "row",
        "<table><tr><td>BaT Username: <a href=/member/x/>x</a><a href=http://x.example>",
        "</a></td></tr></table>",
    ),
    ("contact", "<footer><div class=contact><p>", "</p></div></footer>"),
    ("price", "<h2><a href=/vehicles/1>1967 AC Cobra</a></h2><div class=price>", "</div>"),
    (
        "thread",
        "<script>\nvar BAT_VMS = {\"comments\":[{\"id\":1,\"type\":\"comment\",\"markup\":\"",
        "\"}]};</script>",
    ),
    ("feed", "{\"items\":[{\"url\":\"/listing/x/\",\"sold_text\":\"", "\"}]}"),
    ("json-ld", "<script type=\"application/ld+json\">{\"@type\":\"Store\",\"name\":\"", "\"}</script>"),
    (
        "section",
        "<section class=section-past-listings><h3>Past Listings</h3><p>Member since ",
        "</p></section>",
    ),
];

/// What every place is filled with.
const FILLINGS: [&str; 37] = [
    "<",
    ">",
    "&",
    "&amp;",
    "&#",
    "\\\"",
    "'",
    ",",
    "-",
    "/",
    "\\\\",
    " ",
    "\n",
    "\n<br>",
    "a",
    "A ",
    "A1",
    "1",
    "1,",
    "1 ",
    "$",
    "$1 ",
    "$1,000 ",
    "USD ",
    "(",
    "[at]",
    "@",
    "a@b.c ",
    "480-461-1234 ",
    "9am - ",
    "<p>",
    "<b>",
    "<a href=/contact>",
    "<li>",
    "<tr><td>",
    "ü",
    "\u{202e}",
];

/// A filling in each of the places.
fn fillings() -> impl Iterator<Item = Flood> {
    PLACES.iter().flat_map(|(place, start, end)| {
        FILLINGS.iter().map(move |filling| {
            let name = format!("{place} of {filling:?}");
            let flood = Flood::new(String::leak(name), start, filling, end);
            Flood { is_in_a_place: *place != "page", ..flood }
        })
    })
}

/// Where JSON is read.
const JSON: [(&str, &str); 8] = [
    ("JSON-LD", "<script type=\"application/ld+json\">"),
    ("a thread", "<script>\nvar BAT_VMS = "),
    ("a thread's entries", "<script>\nvar BAT_VMS = {\"comments\":"),
    ("a page's context", "<script>\nvar BAT_CTX = "),
    ("embedded lots", "<script>\nvar auctionsCompletedInitialData = "),
    ("a feed", ""),
    ("a feed's items", "{\"items\":"),
    ("products", "{\"products\":"),
];

/// JSON that is nested or broken.
const JSON_FILLINGS: [&str; 8] =
    ["[", "{\"a\":", "[{\"@graph\":", "[[],", "{\"a\":\"b\\", "{\"id\":1},", "\"\\u0000\",", "1e308,"];

/// JSON of every kind in every place.
pub fn json() -> impl Iterator<Item = Flood> {
    JSON.iter().flat_map(|(place, start)| {
        JSON_FILLINGS.iter().map(move |filling| {
            let name = format!("{place} of {filling}");
            Flood::new(String::leak(name), start, filling, "")
        })
    })
}

/// Markup that is large in one way each.
pub fn markup() -> Vec<Flood> {
    let numbered = |name, start, piece, end| Flood {
        filling: Filling::Numbered(piece),
        ..Flood::new(name, start, piece, end)
    };
    let base = format!("<base href=\"http://www.mesa-motors.com/{}/\">", "a".repeat(5_000));
    vec![
        Flood::new("nested blocks", "", "<div>", ""),
        Flood::new("nested inline elements", "", "<b>", ""),
        Flood::new("nested tables", "", "<table><tr><td>", ""),
        Flood::new("nested lists", "", "<ul><li>", ""),
        Flood::new("nested templates", "", "<template>", ""),
        Flood::new("nested cards", "", "<div class=listing-card>", ""),
        Flood::new("misnested elements", "", "<b><p></b>", ""),
        numbered("attributes", "<div ", "a#=b ", ">x</div>"),
        numbered("attributes of a link", "<a href=/contact ", "data-#='b' ", ">x</a>"),
        Flood::new(
            "attributes of many elements",
            "",
            "<p a b c d e f g h i j k l m n o p q r s t u v w x y z a1 b1 c1 d1 e1 f1 g1 h1 i1 j1 k1 l1 m1 n1>",
            "",
        ),
        Flood::new("quotes in attributes", "<a title='", "\"", "'>x</a>"),
        Flood::new("the same attribute", "<img ", "alt=b ", ">"),
        Flood::new("elements", "", "<p>x</p>", ""),
        Flood::new("void elements", "", "<br>", ""),
        numbered("links", "", "<a href=/vehicles/#/1967-ac>1967 AC Cobra #</a>", ""),
        numbered("lots", "", "<div class=listing-card><a href=/listing/x-#/>1967 AC</a></div>", ""),
        numbered("elements of names of their own", "", "<x#>", ""),
        numbered("pictures", "<header>", "<img class=logo src=/#.png>", ""),
        numbered("profiles", "<footer>", "<a href=https://instagram.com/a#>x</a>", ""),
        numbered(
            "partners",
            "<table>",
            "<tr><td><a href=http://a#.example>visit the A‘s website</a> BaT username: <a href=/member/a#/>a</a></td></tr>",
            "</table>",
        ),
        numbered("headings", "", "<h2>STATE #</h2>", ""),
        numbered("sold headings", "", "<h2>Sold</h2><a href=/1967-ac-#>1967 AC</a>", ""),
        numbered("headings in sold parts", "<h1>Sold</h1>", "<div><h2><a href=/#>1967 AC</a></h2>", ""),
        Flood::new("headings over others", "<h1>1967 AC</h1>", "<div class=title>Related <b>", ""),
        Flood::new("nested headers", "", "<header><h2><a href=/1>1967 AC</a></h2>", ""),
        Flood::new("headers of cards", "", "<article><header><h2><a href=/1>1967 AC</a></h2>", ""),
        Flood::new("hidden elements", "<h2>1967 AC</h2>", "<p hidden><span hidden>Sold", ""),
        Flood::new("marks in a title", "<h2>1967 AC", " - SOLD", "</h2>"),
        numbered("labels", "<table>", "<tr><td>Stock<td>#</tr>", "</table>"),
        numbered(
            "vehicles",
            "<script type=\"application/ld+json\">[",
            "{\"@type\":\"Car\",\"name\":\"1967 AC\",\"url\":\"/#\"},",
            "{}]</script>",
        ),
        numbered(
            "references",
            "<script type=\"application/ld+json\">[",
            "{\"@id\":\"#\",\"@type\":\"Store\",\"parent\":{\"@id\":\"#\"}},",
            "{}]</script>",
        ),
        numbered(
            "comments",
            "<script>\nvar BAT_VMS = {\"comments\":[",
            "{\"id\":#,\"type\":\"comment\",\"markup\":\"<p>x\"},",
            "{}]};</script>",
        ),
        Flood::new(
            "links below a long base",
            &base,
            "<a href=x class=contact>Contact 1967 AC</a><img class=logo src=y>",
            "",
        ),
        Flood::new("open comment", "<!--", "<a>-", ""),
        Flood::new("open comments", "", "<!-- ", ""),
        Flood::new("dashes in a comment", "<!--", "--", ""),
        Flood::new("closed comments", "", "<!-->", ""),
        Flood::new("declarations", "", "<!", ""),
        Flood::new("CDATA", "", "<![CDATA[", ""),
        Flood::new("processing instructions", "", "<?", ""),
        Flood::new("scripts", "", "<script>", ""),
        Flood::new("empty scripts", "", "<script></script>", ""),
        Flood::new("ends in a script", "<script>", "</scripts>", ""),
        Flood::new("open text elements", "", "<textarea>", ""),
        Flood::new("ends", "", "</div>", ""),
        Flood::new("broken ends", "", "</", ""),
        Flood::new("open tags", "", "<a ", ""),
        Flood::new("open quotes", "", "<a title=\"", ""),
        Flood::new("assignments", "<script>\n", "var BAT_VMS = [\n", "</script>"),
        Flood::new("assignments on a line", "<script>", " var BAT_VMS", "</script>"),
        Flood::new(
            "assignments behind spaces",
            "<script>\n",
            "                                var BAT_VMS",
            "</script>",
        ),
        Flood::new(
            "assignments behind a long space",
            &format!("<script>{}x", " ".repeat(100_000)),
            " var BAT_VMS",
            "</script>",
        ),
        Flood::new("unquoted JSON-LD", "<script type=\"application/ld+json\">{", "a:'b\" ", "}</script>"),
        Flood::new("commas in JSON-LD", "<script type=\"application/ld+json\">{", ",]", "}</script>"),
        Flood::new(
            "spaces and ends in JSON-LD",
            "<script type=\"application/ld+json\">{'a'",
            "        ]",
            "}</script>",
        ),
        Flood::new(
            "quotes and spaces in JSON-LD",
            "<script type=\"application/ld+json\">{'a",
            "' ",
            "}</script>",
        ),
        Flood::new("wrappers of JSON-LD", "<script type=\"application/ld+json\">", "<!--", "</script>"),
        Flood::new("semicolons behind JSON-LD", "<script type=\"application/ld+json\">{}", "; ", "</script>"),
        Flood::new("backgrounds", "<div class=hero>", "<i style=\"background-image:url(\">", ""),
        Flood::new("sets of pictures", "<img srcset='", "a 1w, ", "'>"),
        Flood::new("microdata", "", "<div itemscope itemtype=http://schema.org/Store itemprop=name>", ""),
        Flood::new("backward letters", "", "<span style='direction:rtl;unicode-bidi:bidi-override'>", ""),
        Flood::new(
            "frames",
            "",
            "<iframe src='https://www.google.com/maps/embed?pb=!2d-80.8!3d35.3'></iframe>",
            "",
        ),
        Flood::new(
            "galleries",
            "<div data-gallery-items=\"[",
            "{&quot;large&quot;:{&quot;url&quot;:&quot;/a.jpg&quot;}},",
            "{}]\"></div>",
        ),
        Flood::new(
            "histories",
            "<div class=history>",
            "<a class=item href=/listing/x/>Sold for USD $1 <br>April 20, 2026</a>",
            "</div>",
        ),
        Flood::new("pagers", "", "<div class=pagination><a href=?page=2>2</a>", ""),
    ]
}

/// All floods.
pub fn floods() -> impl Iterator<Item = Flood> {
    markup().into_iter().chain(long_texts()).chain(references()).chain(json()).chain(fillings())
}
