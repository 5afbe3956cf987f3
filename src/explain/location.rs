//! What a PIDF-LO says (RFC 4119, RFC 5139, RFC 5491): address, coordinates, uncertainty and method, in one line above its XML.
//!
//! Must not know: where the document comes from.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::style::styled_text::{Line, Role};

use super::format::shown;
use super::xml;

/// Larger documents are no locations.
const MOST_BYTES: usize = 256 << 10;
/// Elements of a civic address that are within the building or name it, with what precedes their values (RFC 5139 §3.1).
const INSIDE: [(&str, &str); 8] = [
    ("LMK", ""),
    ("NAM", ""),
    ("BLD", ""),
    ("FLR", "floor "),
    ("UNIT", "unit "),
    ("ROOM", "room "),
    ("SEAT", "seat "),
    ("LOC", ""),
];

/// The lines of an XML document, its locations above them; `None` where it is not well-formed.
pub(super) fn explained(document: &[u8]) -> Option<Vec<Line>> {
    let xml = xml::lines(document)?;
    let mut out = lines(document);
    out.extend(xml);
    Some(out)
}

/// A line for each location of the document; none where it is no PIDF-LO.
fn lines(document: &[u8]) -> Vec<Line> {
    if document.len() > MOST_BYTES || memchr::memmem::find(document, b"location-info").is_none() {
        return Vec::new();
    }
    let sentences = locations(document).into_iter().map(|location| location.sentence());
    let sentences = sentences.filter(|text| !text.is_empty());
    sentences.map(|text| Line::of(Role::Written, shown(text.as_bytes()))).collect()
}

/// What one `geopriv` element says.
#[derive(Debug, Default)]
struct Location {
    /// Elements of the civic address, by their names.
    civic: Vec<(String, String)>,
    shapes: Vec<Shape>,
    method: String,
}

/// Where something is, and how exactly that is known (RFC 5491 §5).
#[derive(Debug, Default)]
struct Shape {
    /// The name of its element: `Circle`.
    name: String,
    /// Numbers of one position: two, or three with an altitude.
    dimensions: usize,
    /// The point, the centre, or the corners of a polygon.
    positions: Vec<String>,
    /// Radii, axes and angles, by their names.
    sizes: Vec<(String, String)>,
    confidence: String,
}

fn locations(document: &[u8]) -> Vec<Location> {
    let mut reader = Reader::from_reader(document);
    reader.config_mut().allow_dangling_amp = true;
    let (mut out, mut path) = (Vec::new(), Vec::<String>::new());
    let (mut location, mut text) = (Location::default(), String::new());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(tag) => {
                let name = lossy(tag.local_name().as_ref());
                location.begin(&name, memchr::memmem::find(&tag, b"4979").is_some());
                path.push(name);
                text.clear();
            }
            Event::End(_) => {
                location.take(&path, &text.split_whitespace().collect::<Vec<_>>().join(" "));
                text.clear();
                if path.pop().as_deref() == Some("geopriv") {
                    out.push(std::mem::take(&mut location));
                }
            }
            Event::Text(piece) => text.push_str(&lossy(&piece)),
            Event::CData(piece) => text.push_str(&lossy(&piece)),
            Event::GeneralRef(reference) => text.push_str(&meant(&reference)),
            _ => {}
        }
    }
    out
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The text that `&amp;` or `&#233;` means.
fn meant(reference: &BytesRef<'_>) -> String {
    let character = reference.resolve_char_ref().ok().flatten().map(String::from);
    let name = lossy(reference);
    let entity = || quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned);
    character.or_else(entity).unwrap_or_else(|| format!("&{name};"))
}

impl Location {
    fn begin(&mut self, name: &str, has_altitude: bool) {
        const SHAPES: [&str; 8] =
            ["Point", "Circle", "Sphere", "Ellipse", "Ellipsoid", "Polygon", "Prism", "ArcBand"];
        // The base of a prism is a polygon.
        let is_base = name == "Polygon" && self.shapes.last().is_some_and(|shape| shape.name == "Prism");
        if SHAPES.contains(&name) && !is_base {
            // EPSG 4979 has an altitude (RFC 5491 §5.1).
            let dimensions = if has_altitude { 3 } else { 2 };
            self.shapes.push(Shape { name: name.to_owned(), dimensions, ..Shape::default() });
        }
    }

    /// Takes the text of the element at the end of `path`.
    fn take(&mut self, path: &[String], text: &str) {
        let Some(name) = path.last().filter(|_| !text.is_empty()) else { return };
        let is_within = |wanted: &str| path.iter().any(|element| element == wanted);
        if name == "method" && is_within("geopriv") {
            text.clone_into(&mut self.method);
        } else if is_within("civicAddress") {
            self.civic.push((name.clone(), text.to_owned()));
        } else if let Some(shape) = self.shapes.last_mut().filter(|_| is_within("location-info")) {
            shape.take(name, text);
        }
    }

    /// `4292 Congress Ave, Austin TX · 30.280448 -97.739794 ±467 m · A-GPS`
    fn sentence(&self) -> String {
        let shapes = self.shapes.iter().map(Shape::sentence);
        let all = std::iter::once(self.address()).chain(shapes).chain([self.method.clone()]);
        all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// The civic address: street, what is within the building, town; the country only where there is no town.
    fn address(&self) -> String {
        let street = self.joined(&["HNO", "HNS", "PRD", "RD", "A6", "STS", "POD"]);
        let inside = INSIDE.iter().filter_map(|(name, label)| {
            let value = self.joined(&[name]);
            (!value.is_empty()).then(|| format!("{label}{value}"))
        });
        let town = self.joined(&["A3", "A1", "PC"]);
        let country = if town.is_empty() { self.joined(&["country"]) } else { String::new() };
        let all = std::iter::once(street).chain(inside).chain([town, country]);
        all.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    }

    fn joined(&self, names: &[&str]) -> String {
        let values = names.iter().filter_map(|name| {
            self.civic.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        });
        values.collect::<Vec<_>>().join(" ")
    }
}

impl Shape {
    fn take(&mut self, name: &str, text: &str) {
        match name {
            "pos" => self.positions.push(text.to_owned()),
            "posList" => {
                let numbers: Vec<&str> = text.split(' ').collect();
                self.positions.extend(numbers.chunks(self.dimensions).map(|corner| corner.join(" ")));
            }
            "confidence" => text.clone_into(&mut self.confidence),
            _ => self.sizes.push((name.to_owned(), text.to_owned())),
        }
    }

    fn sentence(&self) -> String {
        let confidence = if self.confidence.is_empty() || self.positions.is_empty() {
            String::new()
        } else {
            format!(" ({} % certain)", self.confidence)
        };
        self.place() + &confidence
    }

    /// Coordinates and uncertainty.
    fn place(&self) -> String {
        let Some(first) = self.positions.first() else { return String::new() };
        let size = |wanted: &str| {
            self.sizes.iter().find(|(name, _)| name == wanted).map_or("?", |(_, value)| value.as_str())
        };
        match self.name.as_str() {
            "Circle" | "Sphere" => format!("{first} ±{} m", size("radius")),
            "Ellipse" => {
                format!("{first} ±{} m by {} m", size("semiMajorAxis"), size("semiMinorAxis"))
            }
            "Ellipsoid" => {
                let (major, minor) = (size("semiMajorAxis"), size("semiMinorAxis"));
                format!("{first} ±{major} m by {minor} m by {} m", size("verticalAxis"))
            }
            "ArcBand" => {
                let (from, to) = (size("innerRadius"), size("outerRadius"));
                let angles = format!("{}° from {}°", size("openingAngle"), size("startAngle"));
                format!("{from} to {to} m from {first}, {angles}")
            }
            "Polygon" | "Prism" => {
                // The last corner repeats the first one.
                let is_closed = self.positions.len() > 1 && self.positions.last() == Some(first);
                let corners = self.positions.len() - usize::from(is_closed);
                format!("polygon of {corners} corners, one at {first}")
            }
            _ => first.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CIVIC: &str = "<cl:civicAddress><cl:country>US</cl:country><cl:A1>TX</cl:A1><cl:A3>Austin</cl:A3>\
        <cl:HNO>4292</cl:HNO><cl:RD>Congress</cl:RD><cl:STS>Ave</cl:STS><cl:NAM>A &amp; B</cl:NAM>\
        <cl:FLR>2</cl:FLR></cl:civicAddress>";
    const CIRCLE: &str = "<gs:Circle><gml:pos>30.280448\n -97.739794</gml:pos><gs:radius uom=\"m\">467</gs:radius></gs:Circle>";
    const ADDRESS: &str = "4292 Congress Ave, A & B, floor 2, Austin TX";

    fn geopriv(shape: &str) -> String {
        format!(
            "<tuple><gp:geopriv><gp:location-info>{shape}</gp:location-info><gp:method>A-GPS</gp:method>\
            </gp:geopriv></tuple>"
        )
    }

    fn sentences(document: &str) -> Vec<String> {
        lines(document.as_bytes()).iter().map(Line::text).collect()
    }

    #[test]
    fn a_location_is_explained_in_one_line() {
        let ring = |srs: &str, corners: &str| {
            format!(
                "<gml:Polygon srsName=\"urn:ogc:def:crs:EPSG::{srs}\"><gml:exterior><gml:LinearRing>\
                <gml:posList>{corners}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
            )
        };
        let arc = "<gs:ArcBand><gml:pos>1 2</gml:pos><gs:innerRadius>10</gs:innerRadius><gs:outerRadius>20\
            </gs:outerRadius><gs:startAngle>266</gs:startAngle><gs:openingAngle>120</gs:openingAngle></gs:ArcBand>";
        let ellipse = "<gs:Ellipse><gml:pos>1 2</gml:pos><gs:semiMajorAxis>7</gs:semiMajorAxis>\
            <gs:semiMinorAxis>3</gs:semiMinorAxis></gs:Ellipse><con:confidence>95</con:confidence>";
        for (shape, expected) in [
            (format!("{CIVIC}{CIRCLE}"), format!("{ADDRESS} · 30.280448 -97.739794 ±467 m · A-GPS")),
            (CIVIC.to_owned(), format!("{ADDRESS} · A-GPS")),
            (ring("4326", "1 2 3 4 5 6 1 2"), "polygon of 3 corners, one at 1 2 · A-GPS".to_owned()),
            (
                ring("4979", "1 2 9 3 4 9 5 6 9 1 2 9"),
                "polygon of 3 corners, one at 1 2 9 · A-GPS".to_owned(),
            ),
            (arc.to_owned(), "10 to 20 m from 1 2, 120° from 266° · A-GPS".to_owned()),
            (ellipse.to_owned(), "1 2 ±7 m by 3 m (95 % certain) · A-GPS".to_owned()),
            ("<gml:Point><gml:pos>1 2</gml:pos></gml:Point>".to_owned(), "1 2 · A-GPS".to_owned()),
        ] {
            let document = format!("<presence>{}</presence>", geopriv(&shape));
            assert_eq!(sentences(&document), [expected], "{document}");
        }
    }

    #[test]
    fn each_location_has_a_line_and_other_documents_have_none() {
        let two = format!("<presence>{}{}</presence>", geopriv(CIVIC), geopriv(CIRCLE));
        let expected = [format!("{ADDRESS} · A-GPS"), "30.280448 -97.739794 ±467 m · A-GPS".to_owned()];
        assert_eq!(sentences(&two), expected);
        let all = explained(two.as_bytes()).unwrap();
        assert_eq!(all[2].text(), "<presence>");
        assert!(sentences("<presence><note>no location</note></presence>").is_empty());
        assert!(explained(b"<presence><location-info></presence>").is_none());
    }
}
