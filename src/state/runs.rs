//! How often the browser was used: in the first runs it says what its keys are for.
//!
//! Must not know: what it says.

use super::folder::Folder;

const NAME: &str = "runs";
/// Further runs are not counted.
const MOST: u32 = 3;

impl Folder {
    /// Whether the browser was used only a few times.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn is_new_user(&self) -> Result<bool, String> {
        Ok(number(&self.read(NAME)?) < MOST)
    }

    /// Counts a run.
    ///
    /// # Errors
    /// If the file cannot be read or replaced.
    pub fn count_run(&self) -> Result<(), String> {
        self.change(NAME, |text| Ok(format!("{}\n", (number(&text) + 1).min(MOST))))
    }
}

/// A file that was changed by someone else is that of an experienced user.
fn number(text: &str) -> u32 {
    if text.is_empty() { 0 } else { text.trim().parse().unwrap_or(MOST).min(MOST) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_new_for_three_runs() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("state"));
        for run in 0..6 {
            assert_eq!(folder.is_new_user(), Ok(run < 3), "{run}");
            folder.count_run().unwrap();
        }
    }
}
