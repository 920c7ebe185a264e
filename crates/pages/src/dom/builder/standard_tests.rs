//! The tree, beside the one that scraper makes by the letter of the HTML standard.
//!
//! The markup is well nested, as its elements' content models have it, with the end tags left out that the standard lets
//! authors leave out. What is not compared is what [`dom`](crate::dom) tells of.

use ego_tree::NodeRef;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use scraper::Node;

use super::*;

#[path = "../../../tests/saved_pages/mod.rs"]
mod saved_pages;

/// Elements that no reader sees as text.
const LEFT_OUT: [&str; 9] =
    ["iframe", "noembed", "noframes", "noscript", "script", "style", "template", "textarea", "xmp"];

const BLOCKS: [&str; 18] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "div",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "header",
    "main",
    "nav",
    "section",
    "SECTION",
    "summary",
];

const INLINE: [&str; 22] = [
    "abbr", "b", "B", "cite", "code", "del", "em", "font", "i", "ins", "label", "mark", "small", "span",
    "span", "strong", "sub", "time", "u", "my-card", "canvas", "video",
];

const VOID: [&str; 7] = ["br", "BR", "embed", "img", "img", "input", "wbr"];

const TEXTS: [&str; 24] = [
    "Porsche",
    " ",
    "\n  ",
    "1967 AC Cobra",
    "$42,000",
    "Tom & Jerry",
    "Tom &amp; Jerry",
    "4&#215;4",
    "&#x41;",
    "&#150;",
    "&nbsp;",
    "&copy",
    "&eacute;",
    "&bogus;",
    "&notit;",
    "&lt;b&gt;",
    "&",
    "amp;",
    "1 < 2",
    "a > b",
    "é",
    "\"quoted\"",
    "it's",
    "</>",
];

const HIDDEN: [&str; 14] = [
    "<!-- a comment with <b>markup</b> -->",
    "<!---->",
    "<!-->",
    "<!-- a -- b --!>",
    "<?php echo 1 ?>",
    "<script>if (a < b && c > d) { document.write(\"<p>\") }</script>",
    "<SCRIPT type='application/ld+json'>{\"a\": \"</p>\"}</SCRIPT >",
    "<template><p>not <template>yet</template> there</template>",
    "<style>a > b { content: '<i>' }</style>",
    "<textarea name=a>\n<b>not bold</textarea>",
    "<noscript><img src=/pixel.gif></noscript>",
    "<iframe src='/map?a=1&amp;b=2'><p>old</p></iframe>",
    "<select><option value=1>One<option selected>Two</select>",
    "<svg viewBox='0 0 9 9'><g><path d='M0 0h9'/><circle r=1 /></g><path d=M0></path><text>9</text></svg>",
];

const NAMES: [&str; 11] = [
    "href",
    "HREF",
    "title",
    "class",
    "id",
    "alt",
    "data-price",
    "data-Id",
    "aria-label",
    "itemprop",
    "xml:lang",
];

const VALUES: [&str; 14] = [
    "",
    "a",
    "/cars?year=1967&copy=2&amp;page=3",
    "/cars/?a=1&b=2&lt",
    "https://dealer.example.com/a/",
    "one  two\nthree",
    "Tom &amp; Jerry &copy; &#215;",
    "a > b",
    "<b>",
    "5=6",
    "&eacute;t&eacute",
    "é",
    "/",
    "it`s",
];

/// Writes markup, one choice after another.
struct Writer<'a> {
    choices: &'a [u8],
    out: String,
    /// Whether a link, a form, a button is open, which must not stand in one of their kind.
    in_link: bool,
    in_form: bool,
    in_button: bool,
}

impl Writer<'_> {
    fn choice(&mut self, of: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        usize::from(*first) % of
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.choice(of.len())]
    }

    fn attributes(&mut self) {
        for _ in 0..self.choice(4) {
            let gap = self.one(&[" ", " ", "\n", "\t ", "/", " / "]);
            let (name, value) = (self.one(&NAMES), self.one(&VALUES));
            let is_plain = !value.is_empty() && !value.contains(['>', '<', '=', '`', '\n', ' ']);
            let written = match self.choice(5) {
                0 => name.to_owned(),
                1 => format!("{name} = '{}'", value.replace('\'', "&#39;")),
                2 if is_plain => format!("{name}={value} "),
                _ => format!("{name}=\"{value}\""),
            };
            self.out += &format!("{gap}{written}");
        }
    }

    fn open(&mut self, name: &str) {
        self.out += &format!("<{name}");
        self.attributes();
        let end = self.one(&[">", ">", " >", "/>", " />"]);
        self.out += end;
    }

    fn close(&mut self, name: &str) {
        let end = self.one(&[">", ">", " >", "\n>"]);
        self.out += &format!("</{name}{end}");
    }

    /// An end tag that may be left out. In a link it would change what the link's own closes, in a form, of which only
    /// the content is kept, the form's.
    fn may_close(&mut self, name: &str) -> bool {
        let closes = self.in_link || self.in_form || self.choice(2) == 0;
        if closes {
            self.close(name);
        }
        closes
    }

    fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.open(name);
        content(self);
        self.close(name);
    }

    fn text(&mut self) {
        let text = self.one(&TEXTS);
        self.out += text;
    }

    fn hidden(&mut self) {
        let hidden = self.one(&HIDDEN);
        self.out += hidden;
    }

    fn link(&mut self, content: impl FnOnce(&mut Self)) {
        if !std::mem::replace(&mut self.in_link, true) {
            self.element("a", content);
            self.in_link = false;
        }
    }

    fn phrasing(&mut self, depth: usize) {
        for _ in 0..self.choice(4) {
            match self.choice(if depth == 0 { 3 } else { 8 }) {
                0 => self.text(),
                1 => self.hidden(),
                2 => {
                    let name = self.one(&VOID);
                    self.open(name);
                }
                3 => self.link(|inner| inner.phrasing(depth - 1)),
                4 => self.element("picture", |inner| {
                    inner.open("source");
                    inner.open("img");
                }),
                5 if !self.in_button => {
                    self.in_button = true;
                    self.element("button", |inner| inner.phrasing(depth - 1));
                    self.in_button = false;
                }
                _ => {
                    let name = self.one(&INLINE);
                    self.element(name, |inner| inner.phrasing(depth - 1));
                }
            }
        }
    }

    fn flow(&mut self, depth: usize) {
        for _ in 0..1 + self.choice(4) {
            match self.choice(if depth == 0 { 2 } else { 12 }) {
                0 => self.text(),
                1 => self.phrasing(depth),
                2 | 3 => {
                    let name = self.one(&BLOCKS);
                    self.element(name, |inner| inner.flow(depth - 1));
                }
                4 | 5 => {
                    self.open("p");
                    self.phrasing(depth - 1);
                    if !self.may_close("p") {
                        // A link in its place would stand in the paragraph, and end it where it has a block.
                        match self.one(&["", "hr", "ul", "div"]) {
                            "" => return,
                            "hr" => self.open("hr"),
                            name => self.element(name, |_| {}),
                        }
                    }
                }
                6 => {
                    let name = self.one(&["h1", "h2", "H3", "h6"]);
                    self.element(name, |inner| inner.phrasing(depth - 1));
                }
                7 => {
                    let name = self.one(&["ul", "ol"]);
                    self.element(name, |inner| inner.parts(depth - 1, &["li"]));
                }
                8 => self.element("dl", |inner| inner.parts(depth - 1, &["dt", "dd"])),
                9 => self.element("table", |inner| inner.table(depth - 1)),
                10 => self.link(|inner| inner.flow(depth - 1)),
                _ if !self.in_form => {
                    self.in_form = true;
                    self.element("form", |inner| inner.flow(depth - 1));
                    self.in_form = false;
                }
                _ => self.open("hr"),
            }
        }
    }

    fn parts(&mut self, depth: usize, names: &[&str]) {
        for _ in 0..self.choice(4) {
            let name = self.one(names);
            self.open(name);
            self.flow(depth);
            self.may_close(name);
        }
    }

    fn table(&mut self, depth: usize) {
        let body = self.one(&["", "thead", "tbody"]);
        if !body.is_empty() {
            self.open(body);
        }
        for _ in 0..self.choice(3) {
            self.open("tr");
            self.parts(depth, &["td", "td", "th"]);
            self.may_close("tr");
        }
        if !body.is_empty() {
            self.may_close(body);
        }
    }
}

/// A page with these choices made.
fn page(choices: &[u8]) -> String {
    let mut writer = Writer { choices, out: String::new(), in_link: false, in_form: false, in_button: false };
    writer.out +=
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>A &amp; B</title></head><body>";
    writer.flow(5);
    writer.out + "</body></html>"
}

/// What a tree has, in the page's order: names, attributes, text.
fn written(html: &Html) -> Vec<String> {
    let mut out = Vec::new();
    write(html.tree.root(), &mut out);
    out
}

fn write(node: NodeRef<'_, Node>, out: &mut Vec<String>) {
    let name = match node.value() {
        Node::Text(text) if is_of_frame(node) && text.trim_ascii().is_empty() => return,
        Node::Text(text) => {
            match out.last_mut().filter(|last| last.starts_with('"')) {
                Some(last) => last.push_str(text),
                None => out.push(format!("\"{}", &**text)),
            }
            return;
        }
        Node::Element(element) if LEFT_OUT.contains(&element.name()) => return,
        // What a drawing is called.
        Node::Element(element) if element.name() == "title" && !is_of_frame(node) => return,
        Node::Element(element) => Some(element.name()).filter(|name| {
            // The standard puts one around rows that stand in none.
            *name != "tbody" && !TRANSPARENT.contains(name)
        }),
        Node::Comment(_) | Node::Doctype(_) | Node::ProcessingInstruction(_) => return,
        _ => None,
    };
    if let (Some(name), Node::Element(element)) = (name, node.value()) {
        let mut attributes: Vec<String> =
            element.attrs().map(|(name, value)| format!(" {name}={value:?}")).collect();
        attributes.sort();
        out.push(format!("<{name}{}>", attributes.concat()));
    }
    node.children().for_each(|child| write(child, out));
    out.extend(name.map(|name| format!("</{name}>")));
}

/// Whether a node stands in the head, or beside it.
fn is_of_frame(node: NodeRef<'_, Node>) -> bool {
    let around = node.parent().and_then(|around| around.value().as_element());
    around.is_some_and(|around| matches!(around.name(), "html" | "head"))
}

proptest! {
    #![proptest_config(Config {
        cases: 4_096,
        rng_seed: RngSeed::Fixed(20_261_201),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn well_nested_markup_becomes_the_tree_of_the_standard(choices in prop::collection::vec(any::<u8>(), 0..200)) {
        let page = page(&choices);
        let own = written(&Built::of(&page).html).join("\n");
        let standard = written(&Html::parse_document(&page)).join("\n");
        prop_assert_eq!(own, standard, "{}", page);
    }
}

/// Fails where the trees of a page differ, and says where first.
fn assert_same(name: &str, page: &str) {
    // The standard reads each end of a line as this one.
    let page = page.replace("\r\n", "\n").replace('\r', "\n");
    let (own, standard) = (written(&Built::of(&page).html), written(&Html::parse_document(&page)));
    for (at, (own, standard)) in own.iter().zip(&standard).enumerate() {
        assert_eq!(own, standard, "{name}, step {at}");
    }
    assert_eq!(own.len(), standard.len(), "{name}");
}

#[test]
fn hand_made_listings_become_the_tree_of_the_standard() {
    assert_same("modern", include_str!("../../../tests/listing_pages/modern.html"));
    assert_same("bold", include_str!("../../../tests/listing_pages/bold_essentials.html"));
    assert_same("one list", include_str!("../../../tests/listing_pages/one_list.html"));
}

#[test]
fn saved_pages_become_the_tree_of_the_standard() {
    let mut read = 0;
    for folder in ["pages", "dealers"] {
        let Some(pages) = saved_pages::folder(folder) else { return };
        for entry in std::fs::read_dir(pages).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            // An end tag of a paragraph that is not open makes an empty one by the standard.
            if name.ends_with(".html") && name != "fantasy_junction_detail_page.html" {
                let body = saved_pages::bytes(folder, &name).unwrap();
                assert_same(&name, &crate::charset::decode(&body, None));
                read += 1;
            }
        }
    }
    assert!(read > 20, "{read} pages");
}
