//! The Parts tab: the tree of body parts, and the lines of one of them.
//!
//! A message in a `message/sipfrag`, or in a string of JSON, opens like a part: its own parts are below it. So does XML in JSON.
//!
//! Must not know: how the tree is drawn.

use std::ops::Range;
use std::sync::Arc;

use crate::base::number::grouped;
use crate::sip::sdp::SdpRole;
use crate::sip::{Message, Part, StartLine, sipfrag};
use crate::store::MessageText;
use crate::style::styled_text::{Line, Role, Span};

use super::content::{self, Content, Format, MAX_DEPTH};
use super::format::{bytes, shown};
use super::json::{HeldKind, held_values};
use super::location;
use super::look::Look;
use super::text::{self, LineEnds};

/// One row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartNode {
    /// Its depth: 0 for the parts of the message itself.
    pub depth: usize,
    /// What the tree says of it: type, size, Content-ID, disposition. Escaped.
    pub title: Vec<Span>,
    /// Where its body is in the bytes that [`PartNode::body`] takes it from.
    range: Range<usize>,
    /// The message that it is of, if the shown message does not contain it literally: JSON escapes it.
    own: Option<Arc<[u8]>>,
    what: What,
    has_children: bool,
    /// Its Content-ID, without angle brackets: what a `cid:` URL names (RFC 2392).
    content_id: Option<Vec<u8>>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// The one body of its message.
    Body,
    /// A part of a multipart.
    Part,
    /// A whole message.
    Message,
    /// An XML document that a string of JSON holds.
    Xml,
}

impl PartNode {
    /// Whether nothing is below it.
    pub fn is_leaf(&self) -> bool {
        !self.has_children
    }

    /// Its type, as a notice names it: the subtype of its Content-Type.
    pub fn type_name(&self) -> &str {
        let name = self.title.first().map_or("", |span| span.text.trim());
        name.split_once('/').map_or(name, |(_, subtype)| subtype)
    }

    /// What one line says of it: its type without the kind, or what holds it, and its size.
    pub fn short_title(&self) -> (String, String) {
        let rest = self.title.iter().skip(1);
        let held = rest.take_while(|span| span.role != Role::Plain).map(|span| span.text.as_ref());
        let is_held = matches!(self.what, What::Message | What::Xml);
        let held: String = if is_held { held.collect() } else { String::new() };
        let gap = if self.what == What::Message { " " } else { "" };
        (format!("{}{gap}{held}", self.type_name()), format!("{} B", grouped(self.range.len() as u64)))
    }

    /// What a `cid:` URL, escapes read, names it by.
    pub fn content_id(&self) -> Option<&[u8]> {
        self.content_id.as_deref()
    }

    /// The message that it is, if it is one; `message` are the bytes of the shown message.
    pub fn opened(&self, message: &[u8]) -> Option<Vec<u8>> {
        let bytes = self.body(message);
        let inner = Message::parse(bytes);
        (inner.is_sip() && inner.header("Via").is_some()).then(|| bytes.to_vec())
    }

    /// Its exact bytes: of a part without its header fields, of a message within JSON with its escapes read.
    /// `message` are the bytes of the shown message.
    pub fn body<'a>(&'a self, message: &'a [u8]) -> &'a [u8] {
        self.of(message).get(self.range.clone()).unwrap_or_default()
    }

    fn of<'a>(&'a self, message: &'a [u8]) -> &'a [u8] {
        self.own.as_deref().unwrap_or(message)
    }
}

/// The parts of a message's body, each before its own parts. A body that is no multipart is one; no body is none.
pub fn part_nodes(message: &Message<'_>) -> Vec<PartNode> {
    let mut tree = Tree::default();
    tree.add_body(message, None, 0);
    tree.0
}

#[derive(Default)]
struct Tree(Vec<PartNode>);

impl Tree {
    /// The body of a message, or its parts.
    fn add_body(&mut self, message: &Message<'_>, own: Option<&Arc<[u8]>>, depth: usize) {
        let content = Content::of_message(message);
        match content.format() {
            Format::Empty => {}
            Format::Multipart => content.parts.iter().for_each(|part| self.add_part(part, own, depth)),
            _ => {
                let node = node(&content, (What::Body, own), depth);
                self.add_with_children(node, |tree| tree.add_held(&content, depth + 1));
            }
        }
    }

    fn add_part(&mut self, part: &Part<'_>, own: Option<&Arc<[u8]>>, depth: usize) {
        let content = Content::of_part(part, None);
        let mut node = node(&content, (What::Part, own), depth);
        node.content_id = part.content_id().map(|id| {
            let id = id.trim_ascii();
            id.strip_prefix(b"<").and_then(|id| id.strip_suffix(b">")).unwrap_or(id).to_vec()
        });
        node.title.extend(part.content_id().map(|id| span(Role::Id, &id)));
        node.title.extend(part.content_disposition().map(|disposition| span(Role::Dim, &disposition)));
        self.add_with_children(node, |tree| {
            part.children.iter().for_each(|child| tree.add_part(child, own, depth + 1));
            tree.add_held(&content, depth + 1);
        });
    }

    /// What the messages in this content hold.
    fn add_held(&mut self, content: &Content<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match content.format() {
            Format::Sip => {
                let own: Arc<[u8]> = Arc::from(content.bytes);
                if let Some(message) = sipfrag::parse(&own) {
                    self.add_body(&message, Some(&own), depth);
                }
            }
            Format::Json => {
                for held in held_values(&content.decoded(Format::Json).text) {
                    let own: Arc<[u8]> = Arc::from(held.bytes);
                    if held.kind == HeldKind::Xml {
                        self.0.push(xml_node(&held.key, &own, depth));
                        continue;
                    }
                    let message = Message::parse(&own);
                    let node = message_node(&message, &held.key, &own, depth);
                    self.add_with_children(node, |tree| tree.add_body(&message, Some(&own), depth + 1));
                }
            }
            _ => {}
        }
    }

    fn add_with_children(&mut self, node: PartNode, add_children: impl FnOnce(&mut Self)) {
        let index = self.0.len();
        self.0.push(node);
        add_children(self);
        self.0[index].has_children = self.0.len() > index + 1;
    }
}

fn node(content: &Content<'_>, (what, own): (What, Option<&Arc<[u8]>>), depth: usize) -> PartNode {
    let title = vec![
        Span { role: Role::Label, text: content.type_name().into() },
        Span { role: Role::Plain, text: format!("  {}", bytes(content.bytes.len())).into() },
    ];
    let range = content.at..content.at + content.bytes.len();
    PartNode { depth, title, range, own: own.cloned(), what, has_children: false, content_id: None }
}

fn message_node(message: &Message<'_>, key: &str, own: &Arc<[u8]>, depth: usize) -> PartNode {
    let name = match message.start_line() {
        Some(StartLine::Request { method, .. }) => {
            Span { role: Role::of_method(method), text: shown(method) }
        }
        Some(StartLine::Status { code, .. }) => {
            Span { role: Role::of_status(code), text: code.to_string().into() }
        }
        None => Span { role: Role::Plain, text: "message".into() },
    };
    let title = vec![
        Span { role: Role::Label, text: "SIP ".into() },
        name,
        Span { role: Role::Note, text: format!(" in \"{}\"", shown(key.as_bytes())).into() },
        Span { role: Role::Plain, text: format!("  {}", bytes(own.len())).into() },
    ];
    held_node(title, What::Message, own, depth)
}

fn xml_node(key: &str, own: &Arc<[u8]>, depth: usize) -> PartNode {
    let title = vec![
        Span { role: Role::Label, text: "XML".into() },
        Span { role: Role::Note, text: format!(" in \"{}\"", shown(key.as_bytes())).into() },
        Span { role: Role::Plain, text: format!("  {}", bytes(own.len())).into() },
    ];
    held_node(title, What::Xml, own, depth)
}

fn held_node(title: Vec<Span>, what: What, own: &Arc<[u8]>, depth: usize) -> PartNode {
    let (own, range) = (Some(Arc::clone(own)), 0..own.len());
    PartNode { depth, title, range, own, what, has_children: false, content_id: None }
}

/// A further piece of a title.
fn span(role: Role, text: &[u8]) -> Span {
    Span { role, text: format!("  {}", shown(text)).into() }
}

/// The lines of one part: its header fields, then its body as the Body tab would show it.
pub fn lines(text: &MessageText, node: &PartNode, look: Look) -> Vec<Line> {
    let all = node.of(&text.bytes);
    let mut out = match node.what {
        What::Message if look.pretty => content::sip(all, 1),
        What::Xml if look.pretty => location::explained(all).unwrap_or_default(),
        What::Message | What::Xml => text::lines(all, 0, LineEnds::Shown),
        What::Body => message_of(node, all).map_or_else(Vec::new, |m| Content::of_message(&m).lines(look, 0)),
        What::Part => message_of(node, all).map_or_else(Vec::new, |m| part_lines(&m, &node.range, look)),
    };
    if node.own.is_some() {
        // Its places are not places of the shown message.
        for line in &mut out {
            line.source = None;
        }
    }
    out
}

/// The message that the part belongs to: the shown one, or one within it, which may be a fragment.
fn message_of<'a>(node: &PartNode, all: &'a [u8]) -> Option<Message<'a>> {
    if node.own.is_some() { sipfrag::parse(all) } else { Some(Message::parse(all)) }
}

fn part_lines(message: &Message<'_>, range: &Range<usize>, look: Look) -> Vec<Line> {
    let parts = message.parts();
    let Some(part) = find(&parts, range) else { return Vec::new() };
    let head = &message.as_bytes()[part.range.start..part.body_range.start];
    let mut out = content::part_fields(head, part.range.start);
    if !out.is_empty() {
        out.push(Line::default());
    }
    out.extend(Content::of_part(part, SdpRole::of(message)).lines(look, 1));
    out
}

/// The part whose body is at `range`.
fn find<'p, 'a>(parts: &'p [Part<'a>], range: &Range<usize>) -> Option<&'p Part<'a>> {
    parts
        .iter()
        .find_map(|part| if part.body_range == *range { Some(part) } else { find(&part.children, range) })
}
