//! What bot walls answer in a page's place.

use super::visible_text;
use crate::cut::{Tag, Token, Tokens};
use crate::text;

/// Titles of the pages that bot walls show, in small letters.
const TITLES: [&str; 17] = [
    "just a moment...",
    "just a moment…",
    "one moment, please...",
    "you are being redirected...",
    "attention required! | cloudflare",
    "please wait... | cloudflare",
    "access denied",
    "access to this page has been denied",
    "pardon our interruption",
    "robot challenge screen",
    "vercel security checkpoint",
    "ddos-guard",
    "human verification",
    "bot verification",
    "security check",
    "are you a robot?",
    "captcha",
];

/// What else such titles begin and end with.
const TITLE_ENDS: [(&str, &str); 2] = [
    ("access denied | ", "used cloudflare to restrict access"),
    ("sucuri website firewall", "access denied"),
];

/// What scripts of a challenge assign or load. Genuine pages behind the same walls never carry these.
const SCRIPTS: [&str; 4] = ["_cf_chl_opt", "/cf-chl-", "window.gokuProps", "sucuri_cloudproxy_js"];

/// What small pages load that are a challenge and nothing else. Larger pages behind such a wall may load the same.
const SMALL_PAGE_MARKS: [&str; 2] = ["captcha-delivery.com", "px-captcha"];

/// What they load that genuine small pages load, too: beside scripts of their own, or for a form.
const SHARED_MARKS: [&str; 2] = ["_Incapsula_Resource", "hcaptcha.com/1/api.js"];

/// What such pages say, in small letters.
const SMALL_PAGE_WORDS: [&str; 4] =
    ["access denied", "checking your browser", "incapsula incident id", "unusual traffic"];

/// What such pages ask their visitor, in small letters. Forms to write to a dealer ask so, too.
const SMALL_PAGE_DEMANDS: [&str; 5] =
    ["are a human", "are human", "are not a robot", "complete the captcha", "solve the captcha"];

/// Visible characters of a page that is a challenge and nothing else.
const SMALL_PAGE: usize = 1_500;

/// Whether a page is a bot wall's, and not that of the site behind it.
pub(super) fn is_challenge(html: &str) -> bool {
    let mut titled = false;
    let mut holds = Holds::default();
    for token in Tokens::new(html) {
        match token {
            Token::Raw(tag, text) if tag.is("title") && !titled => {
                titled = true;
                if is_title(&text::collapse(&text::decode(text)).to_lowercase()) {
                    return true;
                }
            }
            Token::Raw(tag, text) if tag.is("script") => {
                if SCRIPTS.iter().any(|mark| text.contains(mark)) {
                    return true;
                }
                holds.read(&tag);
            }
            Token::Raw(tag, _) | Token::Open(tag) => {
                if tag.is("meta")
                    && tag.raw("content").is_some_and(|content| content.contains("/.well-known/sgcaptcha/"))
                {
                    return true;
                }
                holds.read(&tag);
            }
            _ => {}
        }
    }
    is_small_challenge(html, &holds)
}

fn is_title(title: &str) -> bool {
    TITLES.contains(&title)
        || TITLE_ENDS.iter().any(|(start, end)| title.starts_with(start) && title.ends_with(end))
}

/// What a page holds that is not a wall's.
#[derive(Default)]
struct Holds {
    /// A place to write one's message or address in.
    form: bool,
    /// A script of its own.
    script: bool,
}

impl Holds {
    fn read(&mut self, tag: &Tag<'_>) {
        self.form |= tag.is("textarea")
            || (tag.is("input") && matches!(tag.raw("type").unwrap_or_default(), "email" | "tel"));
        self.script |= tag.is("script")
            && tag.raw("src").is_some_and(|source| !SHARED_MARKS.iter().any(|mark| source.contains(mark)));
    }
}

fn is_small_challenge(html: &str, holds: &Holds) -> bool {
    let visible = visible_text(html).to_lowercase();
    if visible.len() > SMALL_PAGE {
        return false;
    }
    let says = |words: &[&str]| words.iter().any(|words| visible.contains(words));
    let loads = |marks: &[&str]| marks.iter().any(|mark| html.contains(mark));
    let is_wordless = visible.len() < SMALL_PAGE / 5;
    says(&SMALL_PAGE_WORDS)
        || (!holds.form && says(&SMALL_PAGE_DEMANDS))
        || (is_wordless && loads(&SMALL_PAGE_MARKS))
        || (is_wordless && !holds.form && !holds.script && loads(&SHARED_MARKS))
}
