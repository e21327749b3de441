//! Writes a file whole or not at all: the text goes into a new file in the same
//! folder, which then takes the name. Whoever reads, and whoever comes after a
//! crash, finds the old text or the new one.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// What a written file must outlive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlives {
    /// The end of the process. It costs no wait for the disk.
    Process,
    /// A loss of power as well.
    Power,
}

/// Writes a file that only this user may read, in place of one that may be
/// there.
///
/// # Errors
/// What the file system says; what was there still is.
pub fn replace(path: &Path, bytes: &[u8], outlives: Outlives) -> io::Result<()> {
    write(path, bytes, outlives, None)
}

/// Writes other text into a file that is there. A link stays a link, and the
/// permissions stay.
///
/// # Errors
/// What the file system says; what was there still is.
pub fn rewrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = path.canonicalize()?;
    let permissions = path.metadata()?.permissions();
    write(&path, bytes, Outlives::Power, Some(permissions))
}

fn write(
    path: &Path,
    bytes: &[u8],
    outlives: Outlives,
    permissions: Option<Permissions>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // Made with mode 0600, and taken away again where this fails.
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    if outlives == Outlives::Power {
        file.as_file().sync_all()?;
    }
    file.persist(path).map_err(|error| error.error)?;
    // The name is on disk only when its folder is; not every system lets one
    // open a folder.
    if outlives == Outlives::Power
        && let Ok(folder) = File::open(folder)
    {
        folder.sync_all().ok();
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs;

    use super::*;

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        for outlives in [Outlives::Process, Outlives::Power] {
            for text in ["a longer text", "short"] {
                replace(&path, text.as_bytes(), outlives).unwrap();
                assert_eq!(fs::read_to_string(&path).unwrap(), text);
                assert_eq!(files(folder.path()), 1);
            }
        }
    }

    #[test]
    fn what_cannot_be_written_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("taken");
        fs::create_dir(&path).unwrap();
        assert!(replace(&path, b"text", Outlives::Power).is_err());
        assert!(path.is_dir());
        assert_eq!(files(folder.path()), 1);
        let nowhere = folder.path().join("none/state.json");
        let error = replace(&nowhere, b"text", Outlives::Power).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(rewrite(&nowhere, b"text").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("spec"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        symlink(&path, &link).unwrap();
        rewrite(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(mode(&path), 0o640);
        replace(&path, b"newer", Outlives::Process).unwrap();
        assert_eq!(mode(&path), 0o600);
    }
}
