//! The history of filters.
//!
//! Must not know: what a filter is.

use super::folder::Folder;

const NAME: &str = "history";
/// Filters that are kept.
const MOST: usize = 500;
/// A longer filter is not kept.
const MOST_BYTES: usize = 4096;

impl Folder {
    /// The filters that were in force before, the newest last.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn history(&self) -> Result<Vec<String>, String> {
        Ok(self.read(NAME)?.lines().filter(|line| is_kept(line)).map(str::to_owned).collect())
    }

    /// Adds filters as the newest ones.
    ///
    /// # Errors
    /// If the file cannot be read or replaced.
    pub fn add_history(&self, added: &[String]) -> Result<(), String> {
        if added.is_empty() {
            return Ok(());
        }
        self.change(NAME, |text| {
            let earlier = text.lines().filter(|line| !added.iter().any(|new| new == line));
            let mut all: Vec<&str> =
                earlier.chain(added.iter().map(String::as_str)).filter(|line| is_kept(line)).collect();
            all.drain(..all.len().saturating_sub(MOST));
            Ok(all.iter().flat_map(|line| [line, "\n"]).collect())
        })
    }
}

fn is_kept(line: &str) -> bool {
    !line.trim().is_empty() && line.len() <= MOST_BYTES && !line.contains('\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_filters_are_last_and_the_oldest_are_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("state"));
        assert_eq!(folder.history(), Ok(Vec::new()));
        folder.add_history(&["a".into(), "b".into()]).unwrap();
        // Another program.
        folder.add_history(&["c".into(), "a".into()]).unwrap();
        assert_eq!(folder.history().unwrap(), ["b", "c", "a"]);
        let many: Vec<String> = (0..600).map(|n| n.to_string()).collect();
        folder.add_history(&many).unwrap();
        let kept = folder.history().unwrap();
        assert_eq!((kept.len(), kept[0].as_str()), (MOST, "100"));
    }

    #[test]
    fn only_the_owner_may_read_it_and_what_cannot_be_read_is_not_replaced() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("state"));
        folder.add_history(&["a".into()]).unwrap();
        let path = dir.path().join("state/history");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::metadata(dir.path().join("state")).unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::write(&path, b"\xff\n").unwrap();
        assert!(folder.history().unwrap_err().ends_with("history: not UTF-8"));
        assert!(folder.add_history(&["b".into()]).is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"\xff\n");
    }
}
