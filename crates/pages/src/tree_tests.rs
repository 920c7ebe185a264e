//! Trees of sound and of broken markup.

use super::*;

/// The tree as markup without attributes.
fn written(html: &str) -> String {
    let edge = |edge| match edge {
        Edge::Open(element) => format!("<{}>", element.name()),
        Edge::Text(text) => text.into_owned(),
        Edge::Close(element) => format!("</{}>", element.name()),
    };
    Tree::of(html).edges().map(edge).collect()
}

#[test]
fn every_start_has_an_end() {
    assert_eq!(written("<DIV>a<br>b<P>c<p>d</div>e"), "<div>a<br></br>b<p>c</p><p>d</p></div>e");
    assert_eq!(
        written("<ul><li>a<li>b<ul><li>c</ul></ul>"),
        "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"
    );
    assert_eq!(written("<div><b>a</div>b</b></i>"), "<div><b>a</b></div>b");
    assert_eq!(
        written("<table><tr><td>a<td>b</div><tr></table>"),
        "<table><tr><td>a</td><td>b</td></tr><tr></tr></table>"
    );
    assert_eq!(written("<a>b<a>c"), "<a>b</a><a>c</a>");
}

#[test]
fn comments_scripts_templates_and_open_tags_are_no_text() {
    assert_eq!(
        written("a<!-- <i> --!>b<?x?>c<script>'<u>'</script>d<template>x<s>y</template></>e < 5 <3 <b x"),
        "abcde < 5 <3 "
    );
}

#[test]
fn deep_nesting_is_cut_into_pieces() {
    let deep = "<div>".repeat(10_000);
    let tree = Tree::of(&deep);
    assert_eq!(tree.elements().count(), 10_000);
    let mut depth: usize = 0;
    for edge in tree.edges() {
        match edge {
            Edge::Open(_) => depth += 1,
            Edge::Close(_) => depth -= 1,
            Edge::Text(_) => {}
        }
        assert!(depth <= MAX_DEPTH + 1);
    }
}

#[test]
fn hidden_elements_are_told_by_their_style() {
    let tree = Tree::of("<i style='color: red; Display : none;'></i><b style='x'></b>");
    let hidden: Vec<bool> = tree.elements().map(Element::is_hidden).collect();
    assert_eq!(hidden, [true, false]);
}

#[test]
fn the_name_of_a_parameter_is_no_entity() {
    let tree = Tree::of("<a href='/?a=1&copy=2&region=3&amp;b=4'>&copy 1967</a>");
    let link = tree.find(|element| element.is("a"));
    assert_eq!(link.and_then(|link| link.attr("href")).as_deref(), Some("/?a=1&copy=2&region=3&b=4"));
    assert_eq!(link.map(Element::text).as_deref(), Some("© 1967"));
}

#[test]
fn entities_in_text_and_attributes_are_decoded() {
    let tree = Tree::of("<p title='4&#215;4'>Tom &amp; <b>4&amp;#215;4</b></p>");
    let element = tree.by_class("").or_else(|| tree.find(|element| element.is("p")));
    assert_eq!(element.and_then(|p| p.attr("title")).as_deref(), Some("4×4"));
    assert_eq!(element.map(Element::text).as_deref(), Some("Tom & 4×4"));
}
