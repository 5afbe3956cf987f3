//! The table of calls, and that of other dialogs.
//!
//! Must not know: filters, how legs are found.

use std::borrow::Cow;

use crate::calls::{CallOf, DialogRef};
use crate::export::calls_table::{Column, DIALOG_COLUMNS, dialog_row};

use super::{record, text};

/// Appends the calls with these columns, after their headings.
pub fn calls(out: &mut Vec<u8>, columns: &[Column], calls: &[CallOf<'_>]) {
    record(out, columns.iter().map(|column| Cow::Borrowed(column.name)));
    for call in calls {
        let leg = call.legs.main();
        let values = columns.iter().map(|column| column.value(call, &leg));
        record(out, values.map(|value| Cow::Owned(text(value.as_bytes()).into_owned())));
    }
}

/// Appends registrations, subscriptions and other dialogs, after their headings.
pub fn dialogs(out: &mut Vec<u8>, dialogs: &[DialogRef<'_>]) {
    record(out, DIALOG_COLUMNS.map(Cow::Borrowed));
    for dialog in dialogs {
        record(out, dialog_row(dialog).1.iter().map(|cell| text(cell.as_bytes())));
    }
}
