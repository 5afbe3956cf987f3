//! Followed files that are really written, renamed, truncated and copied.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use super::*;

/// A followed file in its own folder.
struct Scene {
    dir: tempfile::TempDir,
    follower: Follower,
    provenance: Provenance,
    follow: Follow,
}

/// This many bytes that are unique for each seed.
fn text(seed: u32, len: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b'a' + (state >> 24) as u8 % 26
    };
    (0..len).map(|_| next()).collect()
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let provenance = Provenance::default();
        let follow = Follow::on();
        let path = dir.path().join("x.dump");
        let follower = Follower::new(&path, None, follow.clone(), provenance.clone());
        Self { dir, follower, provenance, follow }
    }

    /// A file with this text that is read, and not followed yet.
    fn not_followed(text: &[u8]) -> Self {
        let mut scene = Self { follow: Follow::default(), ..Self::new() };
        scene.append("x.dump", text);
        let path = scene.path("x.dump");
        let file = PooledFile::open(&path).ok();
        scene.follower = Follower::new(&path, file, scene.follow.clone(), scene.provenance.clone());
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn append(&self, name: &str, text: &[u8]) -> &Self {
        let mut file = OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text).unwrap();
        self
    }

    fn rename(&self, from: &str, to: &str) -> &Self {
        fs::rename(self.path(from), self.path(to)).unwrap();
        self
    }

    /// Sets the length of the file.
    fn set_len(&self, name: &str, len: u64) -> &Self {
        OpenOptions::new().write(true).open(self.path(name)).unwrap().set_len(len).unwrap();
        self
    }

    /// Removes this many bytes from the file's head, as `fallocate --collapse-range` does.
    fn collapse(&self, name: &str, len: usize) -> &Self {
        let rest = fs::read(self.path(name)).unwrap().split_off(len);
        let mut file = OpenOptions::new().write(true).truncate(true).open(self.path(name)).unwrap();
        file.write_all(&rest).unwrap();
        self
    }

    /// Everything that can be read now.
    fn read(&mut self) -> Vec<u8> {
        let (mut out, mut buffer) = (Vec::new(), [0; 700]);
        loop {
            match self.follower.read(&mut buffer) {
                Ok(0) => return out,
                Ok(read) => out.extend_from_slice(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return out,
                Err(error) if Gap::is(&error) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Reads everything that is available, which must be this.
    fn expect(&mut self, expected: &[u8]) {
        let got = self.read();
        assert!(
            got == expected,
            "got {:?}, not {:?}",
            got.escape_ascii().to_string(),
            expected.escape_ascii().to_string()
        );
    }

    fn no_notes(&self) {
        assert_eq!(self.provenance.take_notes().len(), 0);
    }
}

#[test]
fn a_file_that_does_not_exist_yet_is_read_when_it_appears() {
    let mut scene = Scene::new();
    scene.expect(b"");
    scene.append("x.dump", b"");
    scene.expect(b"");
    scene.append("x.dump", b"one");
    scene.expect(b"one");
    scene.append("x.dump", b"two").append("x.dump", b"three");
    scene.expect(b"twothree");
    scene.no_notes();
}

#[test]
fn a_renamed_file_is_read_until_the_new_one_has_content() {
    let mut scene = Scene::new();
    scene.append("x.dump", b"1 ");
    scene.expect(b"1 ");
    scene.append("x.dump", b"2 ").rename("x.dump", "x.dump.1").append("x.dump.1", b"3 ");
    scene.expect(b"2 3 ");
    scene.append("x.dump", b"").append("x.dump.1", b"4 ");
    scene.expect(b"4 ");
    scene.append("x.dump.1", b"5 ").append("x.dump", b"6 ");
    scene.expect(b"5 6 ");
    scene.append("x.dump", b"7 ");
    scene.expect(b"7 ");
    scene.no_notes();
}

#[test]
fn a_deleted_file_is_read_to_its_end_and_then_the_new_one() {
    let mut scene = Scene::new();
    let mut writer = File::create(scene.path("x.dump")).unwrap();
    writer.write_all(b"1 ").unwrap();
    scene.expect(b"1 ");
    fs::remove_file(scene.path("x.dump")).unwrap();
    writer.write_all(b"2 ").unwrap();
    scene.expect(b"2 ");
    writer.write_all(b"3 ").unwrap();
    scene.append("x.dump", b"4 ");
    scene.expect(b"3 4 ");
}

#[test]
fn a_truncated_file_is_read_from_its_start_and_that_is_noted() {
    let mut scene = Scene::new();
    let first = text(1, 5000);
    scene.append("x.dump", &first);
    scene.expect(&first);
    scene.set_len("x.dump", 0);
    scene.expect(b"");
    assert!(matches!(scene.provenance.take_notes()[..], [Note::Truncated { read: 5000, .. }]));
    scene.append("x.dump", b"new");
    scene.expect(b"new");
    scene.no_notes();
}

#[test]
fn a_truncated_file_that_has_grown_over_its_old_size_is_recognised() {
    let mut scene = Scene::new();
    let first = text(1, 5000);
    scene.append("x.dump", &first);
    scene.expect(&first);
    let second = text(2, 9000);
    scene.set_len("x.dump", 0).append("x.dump", &second);
    scene.expect(&second);
    assert_eq!(scene.provenance.take_notes().len(), 1);
}

#[test]
fn bytes_that_were_not_read_before_a_truncation_are_read_from_the_copy() {
    let mut scene = Scene::new();
    let (first, missed, new) = (text(1, 5000), text(2, 3000), text(3, 100));
    scene.append("x.dump", &first);
    scene.expect(&first);
    scene.append("x.dump", &missed);
    // Another file with a similar name, which is not a copy.
    scene.append("x.dump.2", &text(9, 9000));
    fs::copy(scene.path("x.dump"), scene.path("x.dump.1")).unwrap();
    scene.set_len("x.dump", 0).append("x.dump", &new);
    scene.expect(&[missed, new].concat());
    scene.append("x.dump", b"more");
    scene.expect(b"more");
    scene.no_notes();
}

#[test]
fn a_collapsed_file_continues_at_the_same_text() {
    for (read, collapsed) in [(9000, 8192), (9000, 4096), (8250, 8192), (8500, 4096)] {
        let mut scene = Scene::new();
        let (first, new) = (text(1, 9000), text(2, 100));
        let (read, missed) = first.split_at(read);
        scene.append("x.dump", read);
        scene.expect(read);
        scene.append("x.dump", missed).collapse("x.dump", collapsed).append("x.dump", &new);
        scene.expect(&[missed, &new].concat());
        scene.append("x.dump", b"more");
        scene.expect(b"more");
        scene.no_notes();
    }
}

#[test]
fn bytes_that_a_collapse_removed_unread_are_read_from_the_copy_once() {
    let mut scene = Scene::new();
    let (first, missed, new) = (text(1, 3000), text(2, 6000), text(3, 50));
    scene.append("x.dump", &first);
    scene.expect(&first);
    scene.append("x.dump", &missed);
    fs::copy(scene.path("x.dump"), scene.path("x.dump-20261123")).unwrap();
    scene.collapse("x.dump", 8192).append("x.dump", &new);
    scene.expect(&[missed, new].concat());
    scene.no_notes();
}

#[test]
fn a_truncation_while_not_following_is_noted_once() {
    let mut scene = Scene::not_followed(&text(1, 5000));
    scene.expect(&text(1, 5000));
    scene.set_len("x.dump", 0).append("x.dump", b"new");
    scene.expect(b"");
    scene.expect(b"");
    assert!(matches!(scene.provenance.take_notes()[..], [Note::Truncated { read: 5000, .. }]));
    scene.follow.begin();
    scene.expect(b"new");
    scene.no_notes();
}

#[test]
fn files_are_followed_only_on_request_and_not_read_after_the_end() {
    let mut scene = Scene::not_followed(b"1 ");
    scene.expect(b"1 ");
    scene.rename("x.dump", "x.dump.1").append("x.dump", b"2 ");
    scene.expect(b"");
    scene.follow.begin();
    scene.expect(b"2 ");
    scene.append("x.dump", b"3 ");
    scene.follow.end();
    assert_eq!(scene.follower.read(&mut [0; 10]).unwrap(), 0);
}

/// A frame of one profile.
fn frame(profile: &str, nth: usize) -> Vec<u8> {
    let content = format!("{profile}{nth}");
    format!("recv {} bytes from udp/[192.0.2.7]:5060 at 06:00:00.000000:\n{content}\x0b\n", content.len())
        .into_bytes()
}

#[test]
fn a_renamed_file_that_grows_beside_the_new_one_loses_nothing() {
    let mut scene = Scene::new();
    let (old, new) = (|nth| frame("old", nth), |nth| frame("new", nth));
    scene.append("x.dump", &old(0));
    scene.expect(&old(0));
    scene.rename("x.dump", "x.dump.1").append("x.dump", &new(0)).append("x.dump.1", &old(1));
    scene.expect(&[old(1), new(0)].concat());
    scene.append("x.dump.1", &old(2)).append("x.dump", &new(1));
    scene.expect(&[old(2), new(1)].concat());
    // A frame that is written in two steps is not split by a frame of the other file.
    scene.append("x.dump", &new(2)[..20]).append("x.dump.1", &old(3));
    scene.expect(&old(3));
    scene.append("x.dump.1", &old(4)[..30]).append("x.dump", &new(2)[20..]);
    scene.expect(&new(2));
    // Renamed again: all three may grow.
    scene.rename("x.dump.1", "x.dump.2").rename("x.dump", "x.dump.1").append("x.dump", &frame("third", 0));
    scene.append("x.dump.2", &old(4)[30..]).append("x.dump.1", &new(3));
    scene.expect(&[old(4), new(3), frame("third", 0)].concat());
    // An unfinished frame is returned at the end.
    scene.append("x.dump.1", &new(4)[..10]);
    scene.expect(b"");
    scene.follow.end();
    scene.expect(&new(4)[..10]);
    scene.no_notes();
}

#[test]
fn a_renamed_file_that_is_still_read_is_no_copy_of_the_new_one() {
    let mut scene = Scene::new();
    let (first, second) = (frame("same", 0), frame("same", 1));
    scene.append("x.dump", &[&first[..], &second].concat());
    scene.expect(&[&first[..], &second].concat());
    // The new file begins as the renamed one does, and is then truncated: the rest of the renamed one was read.
    scene.rename("x.dump", "x.dump.1").append("x.dump", &first);
    scene.expect(&first);
    scene.set_len("x.dump", 0).append("x.dump", &frame("new", 0));
    scene.expect(&frame("new", 0));
    assert_eq!(scene.provenance.take_notes().len(), 1);
    // Both are read on.
    scene.append("x.dump.1", &frame("old", 2)).append("x.dump", &frame("new", 1));
    scene.expect(&[frame("old", 2), frame("new", 1)].concat());
}

#[test]
fn a_frame_that_a_rename_cuts_is_completed_before_the_new_file() {
    let mut scene = Scene::new();
    let (old, new) = (|nth| frame("old", nth), |nth| frame("new", nth));
    let cut = old(1);
    scene.append("x.dump", &[&old(0)[..], &cut[..30]].concat());
    scene.expect(&[&old(0)[..], &cut[..30]].concat());
    scene.rename("x.dump", "x.dump.1").append("x.dump", &new(0)).append("x.dump.1", &cut[30..]);
    scene.expect(&[&cut[30..], &new(0)].concat());
}

#[test]
fn an_unfinished_frame_does_not_delay_the_new_file() {
    let mut scene = Scene::new();
    let text = [&frame("old", 0)[..], &frame("old", 1)[..30]].concat();
    scene.append("x.dump", &text);
    scene.expect(&text);
    scene.rename("x.dump", "x.dump.1").append("x.dump", &frame("new", 0));
    let end = Instant::now() + std::time::Duration::from_secs(30);
    let mut got = Vec::new();
    while got.is_empty() && Instant::now() < end {
        got = scene.read();
    }
    assert_eq!(got, frame("new", 0));
}
