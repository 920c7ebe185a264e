//! `BAT_VMS`: the whole thread as JSON, with copies of the bid box in its closing event.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::listing::View;
use super::{bids, intro};
use crate::model::listing::State;
use crate::model::thread::{Kind, Post};
use crate::random::Random;
use crate::text::{member_url, php_string};

/// The script with the thread.
pub(crate) fn render(view: &View<'_>) -> String {
    let mut random = Random::of(view.seed, "vms", view.listing.index as u64);
    let mut out = format!(
        "<script type=\"text/javascript\" id=\"bat-theme-viewmodels-js-extra\" nonce=\"{}\">\n/* <![CDATA[ */\nvar BAT_VMS = {{\"address\":\"{}\",\"ajaxUrl\":\"https:\\/\\/bringatrailer.com\\/wp-admin\\/admin-ajax.php\",\"bidAudioStatus\":null,\"commentOrder\":\"desc\",\"comments\":[",
        view.nonce,
        random.hex(64)
    );
    for (number, post) in view.thread.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        entry(&mut out, view, post, &mut random);
    }
    let _ = write!(
        out,
        "],\"commentsInitialLoad\":\"20\",\"dislikeThreshold\":\"3\",\"incrementalLoadCount\":\"100\",\"postAuthor\":\"{}\",\"userId\":\"0\"}};\n/* ]]> */\n</script>\n",
        view.seller().id
    );
    out
}

fn entry(out: &mut String, view: &View<'_>, post: &Post, random: &mut Random) {
    let (id, kind) = (post.id, post.kind);
    let author = post.author.map(|author| &view.members[author]);
    let number = author.map_or(0, |author| author.id);
    let channel = if author.is_some() { format!("comment;user;{number}") } else { "comment;user".to_owned() };
    let (name, url) = match author {
        None => ("Anonymous".to_owned(), String::new()),
        Some(_) if post.deleted => ("Former member".to_owned(), String::new()),
        Some(author) if post.author == Some(view.listing.seller) => {
            (format!("{} (The Seller)", author.name), member_url(&author.username))
        }
        Some(author) => (author.name.clone(), member_url(&author.username)),
    };
    let likes = post.likes;
    let likers: Vec<String> = (0..likes).map(|_| format!("\"{}\"", random.hex(64))).collect();
    let login = STANDARD.encode(format!(
        "https://bringatrailer.com/wp-admin/admin-ajax.php?action=bat_theme_comment_rating&caction=add&id={id}&nonce=2264f09805&path=yes&redirect=yes"
    ));
    let _ = write!(
        out,
        "{{\"channels\":[\"comment;item;{id}\",\"{channel}\"],\"approved\":\"1\",\"authorId\":{number},\"authorLikes\":{author_likes},\"authorName\":{name},\"authorUrl\":{url},\"authorDeleted\":{deleted},\"dislikes\":0,\"id\":{id},\"likes\":{likes},\"likers\":[{likers}],\"loggedOutLink\":\"https:\\/\\/bringatrailer.com\\/account\\/login\\/?redirect={login}\",\"post\":\"{post_id}\",\"markup\":{markup},\"content\":{content},\"timestamp\":{timestamp},\"type\":\"{kind}\",\"unflaggable\":false,\"unratable\":false,\"bidAmount\":{amount},\"wasEdited\":false,\"commentParent\":null,\"images\":[],\"videos\":[],\"hasErrorVideos\":false,\"hasPendingVideos\":false,\"featured\":false",
        author_likes = random.below(300),
        name = php_string(&name),
        url = php_string(&url),
        deleted = post.deleted,
        likers = likers.join(","),
        post_id = view.listing.post_id,
        markup = php_string(&post.markup),
        content = php_string(&post.content),
        timestamp = post.timestamp,
        kind = kind.name(),
        amount = post.amount,
    );
    if kind == Kind::Bid {
        let _ = write!(out, ",\"end_timestamp\":{}", view.listing.ends_at);
    }
    if kind == Kind::Closing && view.listing.state != State::Live {
        biddable(out, view);
    }
    out.push('}');
}

/// The copies of the page's own bid box inside the closing event.
fn biddable(out: &mut String, view: &View<'_>) {
    let name = view.last_bidder().map_or("", |member| member.name.as_str());
    let notice = format!(
        "<tr class=\"listing-bid-row listing-stats-stat\"><td class=\"listing-stats-label listing-stats-label-centered\" colspan=\"2\">Sold to {name} for {}!</td></tr>",
        view.listing.currency.amount(view.listing.result())
    );
    let notice = if view.listing.state.is_sold() { notice } else { String::new() };
    let _ = write!(
        out,
        ",\"biddable_markup\":{{\"box\":{},\"available\":{},\"sold_notice\":{}}}",
        php_string(&bids::render(view)),
        php_string(&intro::available(view)),
        php_string(&notice)
    );
}
