//! Who registers, and how it goes: one entry for each user and side, with what makes a wrong password or a flapping phone
//! visible.
//!
//! Must not know: which text is read when, drawing.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::base::Direction;
use crate::base::hash64;
use crate::calls::{Calls, Handle, Registrations};
use crate::sip::Message;
use crate::store::{Flags, MessageIdx, RowRef, Snapshot};

use super::{MOST_ROWS, is_failure};

/// Phones that are told apart.
const MOST_PHONES: usize = 200_000;
/// Bytes that are kept of a Contact.
const MOST_BYTES: usize = 120;

/// A user that registers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phone {
    /// The user of To.
    pub user: Vec<u8>,
    /// Whether FreeSWITCH registers there: the user is its account at a carrier.
    pub is_ours: bool,
    /// The address and port of the peer in its last message.
    pub peer: Vec<u8>,
    /// Its REGISTER requests, without retransmissions.
    pub requests: u32,
    /// Challenges: 401 and 407.
    pub challenges: u32,
    /// 403.
    pub forbidden: u32,
    /// Other final responses that refuse.
    pub others: u32,
    /// The last final response: its code and its reason phrase; 0 without one.
    pub status: (u16, Vec<u8>),
    /// The time of its last message, in microseconds.
    pub time: i64,
    /// Its last message.
    pub message: MessageIdx,
    /// The state of its last registration.
    pub state: &'static str,
    /// Seconds that its last registration lasts.
    pub expires: Option<u32>,
    /// How often its Contact changed.
    pub changes: u32,
    /// Its last Contact.
    pub contact: Vec<u8>,
    /// The problem that was found with its registrations.
    pub problem: Option<(&'static str, String)>,
}

/// The phones while they are counted.
#[derive(Debug, Default)]
pub(super) struct Phones {
    by_name: HashMap<(Vec<u8>, bool), u32>,
    list: Vec<Phone>,
    /// The hash of the last Contact of each; 0 without one.
    contacts: Vec<u64>,
}

impl Phones {
    /// Counts a message. `true` if its text is wanted for its Contact.
    pub(super) fn add(&mut self, row: &RowRef<'_>) -> bool {
        if row.method() != b"REGISTER" {
            return false;
        }
        let Some(number) = self.number(row) else { return false };
        let phone = &mut self.list[number];
        if phone.peer != row.peer() {
            phone.peer = row.peer().to_vec();
        }
        (phone.time, phone.message) = (row.row.time, row.index);
        if row.row.flags.has(Flags::RETRANSMISSION) {
            return false;
        }
        match row.row.status {
            0 => phone.requests += 1,
            1..200 => {}
            status => {
                phone.status = (status, row.what().to_vec());
                phone.challenges += u32::from(matches!(status, 401 | 407));
                phone.forbidden += u32::from(status == 403);
                phone.others += u32::from(is_failure(row.row) && status != 403);
            }
        }
        row.row.is_request()
    }

    /// The number of the phone of a message.
    fn number(&mut self, row: &RowRef<'_>) -> Option<usize> {
        let is_request = row.row.is_request();
        let is_ours = is_request == (row.row.direction() == Direction::Sent);
        let name = (row.to().to_vec(), is_ours);
        if let Some(known) = self.by_name.get(&name) {
            return Some(*known as usize);
        }
        let number = self.list.len();
        (number < MOST_PHONES).then(|| {
            self.list.push(Phone { user: name.0.clone(), is_ours, ..Phone::default() });
            self.contacts.push(0);
            self.by_name.insert(name, number as u32);
            number
        })
    }

    /// Takes the text of a request whose text was wanted.
    pub(super) fn read(&mut self, row: &RowRef<'_>, message: &[u8]) {
        let Some(number) = self.number(row) else { return };
        let message = Message::parse(message);
        let Some(contact) = message.header("Contact").map(|field| field.value) else { return };
        // What ends all registrations is no address.
        if contact.trim_ascii() == b"*" {
            return;
        }
        let address = crate::sip::without_params(&contact);
        let hash = hash64(&[address]).max(1);
        let (phone, known) = (&mut self.list[number], &mut self.contacts[number]);
        if *known != hash {
            phone.changes += u32::from(*known != 0);
            phone.contact = address[..address.len().min(MOST_BYTES)].to_vec();
            *known = hash;
        }
    }

    /// What was counted so far: who was refused most first, then who flaps.
    pub(super) fn sorted(&self, snapshot: &Snapshot, registrations: Option<&Registrations>) -> Vec<Phone> {
        let mut order: Vec<&Phone> = self.list.iter().collect();
        let failing = registrations.map(|known| &known.failing[..]).unwrap_or_default();
        let problems: HashMap<&[u8], (&'static str, &String)> =
            failing.iter().map(|user| (&user.user[..], (user.finding.0, &user.finding.1))).collect();
        let problem =
            |phone: &Phone| problems.get(&phone.user[..]).map(|(rule, text)| (*rule, (*text).clone()));
        let rank = |phone: &&Phone| {
            let has_problem = problems.contains_key(&phone.user[..]);
            Reverse((has_problem, phone.forbidden + phone.others, phone.changes, phone.challenges))
        };
        order.sort_by(|a, b| (rank(a), &a.user).cmp(&(rank(b), &b.user)));
        let shown = order.into_iter().take(MOST_ROWS);
        shown.map(|phone| Phone { problem: problem(phone), ..with_state(phone, snapshot) }).collect()
    }
}

/// A phone with what is known of its last registration.
fn with_state(phone: &Phone, snapshot: &Snapshot) -> Phone {
    let mut phone = phone.clone();
    let calls = Calls::of(snapshot);
    let handle = snapshot.row(phone.message).and_then(|row| calls?.of_row(row.row));
    if let (Some(Handle::Dialog(dialog)), Some(calls)) = (handle, calls)
        && let Some(dialog) = calls.dialog_ref(snapshot, dialog)
    {
        (phone.state, phone.expires) = (dialog.state(), dialog.expires());
    }
    phone
}
