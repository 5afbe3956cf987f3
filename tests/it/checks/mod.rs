//! What must hold for any bytes at all, level by level: shared by the fuzz targets under `tests/fuzz/` and by the
//! test that replays their corpus. Each check panics where something does not hold.

mod body;
mod filter;
mod frame;
mod log;
mod message;
mod pieces;
mod sip;

/// One check: it takes any bytes.
pub(crate) type Check = fn(&[u8]);

/// The checks, each under the name of its fuzz target.
pub(crate) const ALL: [(&str, Check); 6] = [
    ("frame", frame::check),
    ("message", message::check),
    ("sip", sip::check),
    ("body", body::check),
    ("filter", filter::check),
    ("log", log::check),
];

/// Runs the check of that name.
pub(crate) fn run(name: &str, data: &[u8]) {
    let (_, check) = ALL.iter().find(|(known, _)| *known == name).expect("a check of that name");
    check(data);
}
