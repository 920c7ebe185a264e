//! The partner directory, `/local-partners/`.

use std::fmt::Write as _;

use crate::model::directory::{NameForm, Row};
use crate::text::{escape, texturize};
use crate::world::World;

/// Renders the directory.
pub(crate) fn render(world: &World) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"en-US\"><head>\n<meta charset=\"UTF-8\">\n<title>Local Partners |  Bring a Trailer</title>\n\
         <link rel=\"canonical\" href=\"https://bringatrailer.com/local-partners/\" />\n</head>\n\
         <body class=\"wp-singular page-template-default page page-id-31337 wp-theme-bringatrailer loggedout\">\n\
         <header class=\"site-header\"><nav><ul class=\"menu\"><li><a href=\"https://bringatrailer.com/auctions/\">Auctions</a></li>\
         <li><a href=\"https://bringatrailer.com/member/staff/\">BaT Staff</a></li></ul></nav></header>\n<main><div class=\"container\">\n\
         <h1 class=\"post-title\">BaT Local Partners</h1>\n<div class=\"post-excerpt\">\n\
         <p>Partners photograph, prepare and list vehicles for their owners. Ask one near you, or \
         <a href=\"https://bringatrailer.com/contact/\">write to us</a> to become one.</p>\n",
    );
    let mut heading = (None, None);
    let mut open = false;
    for row in world.served_rows() {
        if heading != (Some(row.group), row.region) {
            if open {
                out.push_str("</tbody></table>\n");
            }
            if heading.0 != Some(row.group) {
                let _ = writeln!(out, "<h2>{}</h2>", row.group);
            }
            if let Some(region) = row.region {
                let _ = writeln!(out, "<h3>{region}</h3>");
            }
            out.push_str("<table><tbody>\n");
            heading = (Some(row.group), row.region);
            open = true;
        }
        out.push_str(&render_row(world, row));
    }
    if open {
        out.push_str("</tbody></table>\n");
    }
    out.push_str("<table><tbody><tr><td>Hours</td><td><strong>Monday, Friday</strong></td></tr></tbody></table>\n</div></div></main>\n");
    out.push_str("<footer class=\"site-footer\"><a href=\"https://bringatrailer.com/about/\">About BaT</a></footer>\n</body></html>\n");
    out
}

fn render_row(world: &World, row: &Row) -> String {
    let link = escape(&referral(world, row));
    let name = texturize(&row.name);
    let location = row.city.as_ref().map_or_else(String::new, |city| {
        format!("\n      <strong>{}, {}</strong>", texturize(city), row.place)
    });
    let member = if row.capital_link { row.username.clone() } else { row.username.to_lowercase() };
    let member = format!("https://bringatrailer.com/member/{member}/");
    let short = row.name.strip_prefix("The ").unwrap_or(&row.name);
    let (alt, first) = match row.form {
        NameForm::Link => (String::new(), format!("<a href=\"{link}\">{name}</a>")),
        NameForm::LogoAlt => (name.clone(), String::new()),
        NameForm::Text => (String::new(), name.clone()),
    };
    let visit = match row.form {
        NameForm::Link => format!("visit the {name} website"),
        // The apostrophe is the opening quotation mark, as on the real page.
        NameForm::LogoAlt | NameForm::Text => format!("visit the {short}‘s website"),
    };
    format!(
        " <tr>\n  <td><a href=\"{link}\"><img src=\"https://bringatrailer.com/wp-content/uploads/2024/02/partner-{site}.png\" alt=\"{alt}\" /></a></td>\n  \
         <td>{first}{location}\n      <a href=\"{link}\">{visit}</a>\n      BaT username: <a href=\"{member}\">{user}</a></td>\n </tr>\n",
        site = row.site,
        user = escape(&row.username),
    )
}

/// The landing page that the directory links.
pub(crate) fn referral(world: &World, row: &Row) -> String {
    format!("{}{}", world.site_urls[row.site], row.landing)
}
