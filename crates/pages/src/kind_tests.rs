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

fn of_website(html: &str) -> Option<Impostor> {
    impostor(PageKind::Website, html)
}

#[test]
fn site_ground_challenges() {
    for html in [
        "<html><head><link rel=\"icon\" href=\"data:;\"><meta http-equiv=\"refresh\" content=\"0;/.well-known/sgcaptcha/?r=%2Fcars%2F&y=ipc:192.0.2.1:1700000000.1\"></meta></head></html>",
        "<META HTTP-EQUIV=refresh CONTENT='0; url=/.well-known/sgcaptcha/?r=%2F'>",
        "<title>Robot Challenge Screen</title><h1>Checking the site connection security</h1>",
    ] {
        assert_eq!(of_website(html), Some(Impostor::Challenge), "{html}");
    }
}

#[test]
fn imperva_challenges() {
    for html in [
        "<html style=\"height:100%\"><head><META NAME=\"ROBOTS\" CONTENT=\"NOINDEX, NOFOLLOW\"><script src=\"/_Incapsula_Resource?SWJIYLWA=5074a7\"></script></head><body></body></html>",
        "<body style=\"margin:0\"><iframe id=\"main-iframe\" src=\"/_Incapsula_Resource?SWUDNSAI=31&edet=12\">Request unsuccessful. Incapsula incident ID: 1-2</iframe></body>",
        "<title>Pardon Our Interruption</title><p>As you were browsing something about your browser made us think you were a bot.",
    ] {
        assert_eq!(of_website(html), Some(Impostor::Challenge), "{html}");
    }
}

#[test]
fn data_dome_challenges() {
    let html = "<html lang=\"en\"><head><title>dealer.example.com</title><style>#cmsg{animation: A 1.5s;}</style></head>\
        <body><p id=\"cmsg\">Please enable JS and disable any ad blocker</p>\
        <script data-cfasync=\"false\">var dd={'rt':'c','host':'geo.captcha-delivery.com'}</script>\
        <script data-cfasync=\"false\" src=\"https://ct.captcha-delivery.com/c.js\"></script></body></html>";
    assert_eq!(of_website(html), Some(Impostor::Challenge));
    let frame = "<iframe src=\"https://geo.captcha-delivery.com/captcha/?initialCid=A\" title=\"DataDome CAPTCHA\"></iframe>";
    assert_eq!(of_website(frame), Some(Impostor::Challenge));
}

#[test]
fn cloudflare_challenges() {
    let long = "You are unable to access this site. ".repeat(60);
    for html in [
        "<title>Just a moment...</title><noscript>Enable JavaScript and cookies to continue</noscript>".to_owned(),
        format!("<title>Attention Required! | Cloudflare</title><p>{long}"),
        // In other languages the title is another one.
        "<title>Nur einen Moment…</title><script>(function(){window._cf_chl_opt={cType:'managed'}}())</script>".to_owned(),
        "<title>x</title><script>a.src='/cdn-cgi/challenge-platform/h/b/cf-chl-b/orchestrate';b('/cf-chl-x')</script>".to_owned(),
        "<title>Access denied | dealer.example.com used Cloudflare to restrict access</title><h1>Error 1020</h1>".to_owned(),
    ] {
        assert_eq!(of_website(&html), Some(Impostor::Challenge), "{html}");
    }
}

#[test]
fn sucuri_challenges() {
    let long = "If you are the site owner, please whitelist your IP. ".repeat(60);
    for html in [
        "<html><title>You are being redirected...</title><noscript>Javascript is required.</noscript>\
         <script>var s={},u,c,l=0,e=eval,sucuri_cloudproxy_js='',S='cz0i';</script></html>"
            .to_owned(),
        format!("<title>Sucuri WebSite Firewall - Access Denied</title><p>{long}"),
    ] {
        assert_eq!(of_website(&html), Some(Impostor::Challenge), "{html}");
    }
}

#[test]
fn challenges_of_other_walls() {
    let html = "<title>dealer.example.com</title><div id=px-captcha></div><script src=/a1b2/captcha/captcha.js></script>";
    assert_eq!(of_website(html), Some(Impostor::Challenge));
    for title in ["One moment, please...", "Bot Verification", "Vercel Security Checkpoint"] {
        let html = format!("<title>{title}</title><p>{}", "Please wait. ".repeat(200));
        assert_eq!(of_website(&html), Some(Impostor::Challenge), "{title}");
    }
}

/// Small sites of dealers have little text, and a form with a captcha on their front page.
#[test]
fn a_small_web_site_with_a_captcha_on_its_form_is_genuine() {
    let form = |captcha: &str| {
        format!(
            "<title>Mesa Motors</title><h1>Classic cars</h1><form><input type=email name=email><textarea name=m></textarea>\
             {captcha}<button>Send</button></form>"
        )
    };
    for captcha in [
        "<script src=https://www.google.com/recaptcha/api.js></script><div class=g-recaptcha></div>",
        "<script src=https://challenges.cloudflare.com/turnstile/v0/api.js></script><div class=cf-turnstile></div>",
        "<script src=https://hcaptcha.com/1/api.js></script><div class=h-captcha></div>",
        "<label>Please confirm that you are not a robot</label>",
        "<p>Please complete the captcha.</p>",
        "<p>Verify that you are human</p>",
    ] {
        assert_eq!(of_website(&form(captcha)), None, "{captcha}");
    }
}

/// What pages hold that came through a wall.
#[test]
fn a_page_behind_a_wall_is_genuine() {
    let text = "Sales of classic cars. ".repeat(20);
    for mark in [
        "<script src=\"/_Incapsula_Resource?SWJIYLWA=719d34\" async></script>",
        "<script src=https://js.datadome.co/tags.js></script>",
        "<script>window['__CF$cv$params']={r:'8'};a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'</script>",
        "<script src=https://cdn.sucuri.net/badge/badge.js></script>",
    ] {
        assert_eq!(of_website(&format!("<title>Mesa Motors</title><p>{text}</p>{mark}")), None, "{mark}");
    }
    let app = "<title>Mesa Motors</title><div id=root></div><script src=/app.js></script>\
        <script src=\"/_Incapsula_Resource?SWJIYLWA=719d34\" async></script>";
    assert_eq!(of_website(app), None);
}
