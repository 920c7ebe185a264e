//! Genuine pages and what comes in their place.

use super::*;

const KINDS: [PageKind; 4] = [PageKind::Directory, PageKind::Member, PageKind::Listing, PageKind::Website];

#[test]
fn walls_are_challenges_for_every_kind() {
    for html in [
        "<html><head><title>Just a moment...</title></head><body></body></html>",
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
        "<title>x</title><script>(function(){window._cf_chl_opt = {cvId: '3'};})()</script>",
        "<html><head><meta http-equiv=\"refresh\" content=\"0;/.well-known/sgcaptcha/?r=%2F&y=ipc\"></head></html>",
        "<html><body><iframe src=\"/_Incapsula_Resource?SWUDNSAI=31\">Request unsuccessful. Incapsula incident ID: 1</iframe></body></html>",
        "<html><body><p>Please enable JS</p><script src=\"https://ct.captcha-delivery.com/c.js\"></script></body></html>",
        "<html><head><title>Error</title></head><body><h1>Access Denied</h1>You don't have permission</body></html>",
        "<body>Verify you are human by completing the action below.</body>",
    ] {
        for kind in KINDS {
            assert_eq!(impostor(kind, html), Some(Impostor::Challenge), "{kind:?}: {html}");
        }
    }
}

#[test]
fn pages_without_markers() {
    for html in ["", "<html><body><div id=root></div></body></html>", "<title>Maintenance</title>Back soon"] {
        for kind in [PageKind::Directory, PageKind::Member, PageKind::Listing] {
            assert_eq!(impostor(kind, html), Some(Impostor::Unmarked), "{kind:?}: {html}");
        }
        assert_eq!(impostor(PageKind::Website, html), None, "{html}");
    }
}

#[test]
fn each_marker_of_a_listing_is_enough() {
    for html in [
        "<body class='single single-bat-listing postid-1'>",
        "<script>var BAT_CTX = {\"contentGroup\":\"listing-detail-page-live\"};</script>",
        "<table id=\"listing-bid\"></table>",
        "<div class=\"essentials\"></div>",
        "<ul class=\"listing-essentials-items\"></ul>",
    ] {
        assert_eq!(impostor(PageKind::Listing, html), None, "{html}");
    }
    let model_page = "<body class='page'><script>var BAT_CTX = {\"contentGroup\":\"keyword-page-disambiguation\"};</script>";
    assert_eq!(impostor(PageKind::Listing, model_page), Some(Impostor::Unmarked));
}

#[test]
fn markers_in_scripts_and_comments_are_none() {
    let html = "<script>var x = '<div class=\"essentials\">'; // BaT username Member since</script><!-- BaT username -->";
    for kind in [PageKind::Directory, PageKind::Member, PageKind::Listing] {
        assert_eq!(impostor(kind, html), Some(Impostor::Unmarked), "{kind:?}");
    }
}

#[test]
fn a_listing_whose_comments_speak_of_captchas_is_genuine() {
    let html = "<body class='single-bat-listing'><div class=\"essentials\">x</div><p>access denied by cloudflare captcha</p>\
                <script>var BAT_VMS = {\"comments\":[{\"content\":\"window._cf_chl_opt just a moment...\"}]};</script>";
    assert_eq!(impostor(PageKind::Listing, html), None);
}

#[test]
fn a_web_site_with_a_captcha_on_its_form_is_genuine() {
    let html = format!(
        "<title>Shop</title><p>{}</p><script src='https://www.google.com/recaptcha/api.js'></script>\
         <script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>\
         <p>This site is protected by reCAPTCHA.</p>",
        "Sales of classic cars. ".repeat(40)
    );
    assert_eq!(impostor(PageKind::Website, &html), None);
}

#[test]
fn directory_and_member_pages_by_their_marks() {
    assert_eq!(impostor(PageKind::Directory, "<td>BaT  Username: <a>x</a></td>"), None);
    for html in [
        "<link rel=\"canonical\" href=\"https://bringatrailer.com/member/wob/\">",
        "<meta property=\"og:url\" content=\"https://bringatrailer.com/member/wob/\">",
        "<p>Member since <b>July 2015</b></p>",
        "<section class=\"section-past-listings\"></section>",
    ] {
        assert_eq!(impostor(PageKind::Member, html), None, "{html}");
    }
}
