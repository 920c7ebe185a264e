//! The tree of a page, written out.

use super::*;

/// The tree, written out.
fn tree(page: &str) -> String {
    Built::of(page).html.html()
}

fn body(page: &str) -> String {
    let tree = tree(page);
    tree.split_once("<body>").unwrap().1.strip_suffix("</body></html>").unwrap().to_owned()
}

#[test]
fn well_nested_pages_become_the_tree_that_the_standard_makes_of_them() {
    let page = "<!DOCTYPE html><html lang=\"en\"><head><title>A &amp; B</title><meta name=\"x\" content=\"1\"></head>\
                <body class=\"page\"><div id=\"a\"><p>One <b>two</b></p><img src=\"x.jpg\"></div>\
                <table><tbody><tr><td>3</td><td>4</td></tr></tbody></table></body></html>";
    let standard = Html::parse_document(page).html();
    assert_eq!(tree(page), standard.trim_start_matches("<!DOCTYPE html>"));
}

#[test]
fn end_tags_left_out_or_misplaced() {
    assert_eq!(body("<ul><li>1<li>2</ul>3"), "<ul><li>1</li><li>2</li></ul>3");
    assert_eq!(body("<p>1<div>2</span></div></p>3"), "<p>1</p><div>2</div>3");
    assert_eq!(body("<b>1<div>2</b></div>3"), "<b>1<div>2</div>3</b>");
}

#[test]
fn a_picture_in_a_paragraph_s_link_stays_in_it() {
    let paragraph = "<p><a href=\"/\"><picture><img></picture></a>1</p>";
    assert_eq!(body(paragraph), paragraph);
    assert_eq!(body("<p>1<hr>2"), "<p>1</p><hr>2");
    assert_eq!(body("<p>1<form><b>2</b></form>"), "<p>1</p><b>2</b>");
}

#[test]
fn a_slash_ends_an_element_of_a_drawing_and_no_other() {
    let link = "<a href=/><svg viewBox='0 0 9 9'><path d=M0 /><path d=M/></path></svg>1</a>2<i/>3";
    assert_eq!(body(link), "<a href=\"/\"><path d=\"M0\"></path><path d=\"M/\"></path>1</a>2<i>3</i>");
    assert_eq!(body("<svg/><i/>1"), "<i>1</i>");
}

#[test]
fn text_behind_a_template_is_kept() {
    assert_eq!(body("1<template><p>2</template>3<br>4"), "13<br>4");
}

#[test]
fn what_stands_between_cells_stays_there() {
    let table = "<table><tr><strong>Phoenix, AZ</strong><td>1</td></tr></table>";
    assert_eq!(body(table), table);
}

#[test]
fn the_first_attribute_of_a_name_counts() {
    assert_eq!(body("<A HREF='/?a=1&copy=2' href=b>x</A>"), "<a href=\"/?a=1&amp;copy=2\">x</a>");
}

#[test]
fn what_no_reader_sees_is_left_out() {
    let page = "<head><script>a</script><style>b</style></head><svg><path></path></svg>\
                <form><noscript>c</noscript>d</form><template>e</template><!-- f -->";
    assert_eq!(body(page), "<path></path>d");
}

#[test]
fn scripts_of_linked_data_and_frames_are_told_apart() {
    let built = Built::of(
        "<script type='application/ld+json'>{\"a\":1}</script><iframe src='/a?b&amp;c' data-src=/d></iframe>",
    );
    assert_eq!(built.json_ld, ["{\"a\":1}"]);
    assert_eq!(built.frames, ["/d"]);
}

#[test]
fn depth_is_bounded() {
    let html = Built::of(&"<div>".repeat(100_000)).html;
    let deepest = html.tree.nodes().map(|node| node.ancestors().count());
    assert!(deepest.max().unwrap() < MAX_DEPTH + 5);
}
