//! A spec that is edited while it is watched.

use std::fs;

use killick_watch::SpecFile;

fn parse(text: &str) -> Result<u32, String> {
    text.trim()
        .parse()
        .map_err(|_| "line 1: not a number".to_owned())
}

#[test]
fn the_last_good_one_stays_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killick.toml");
    let mut file = SpecFile::new(&path);
    assert!(file.load(parse).unwrap_err().contains("cannot read"));
    fs::write(&path, "x").unwrap();
    assert_eq!(file.load(parse), Err("line 1: not a number".to_owned()));
    fs::write(&path, "1").unwrap();
    let loaded = file.load(parse).unwrap();
    assert_eq!((*loaded.spec, loaded.changed, loaded.note), (1, true, None));
    let loaded = file.load(|_| panic!("parsed again")).unwrap();
    assert_eq!((*loaded.spec, loaded.changed), (1, false));
    for _ in 0..2 {
        fs::write(&path, "x").unwrap();
        let loaded = file.load(parse).unwrap();
        assert_eq!((*loaded.spec, loaded.changed), (1, false));
        assert!(
            loaded
                .note
                .unwrap()
                .starts_with("line 1: not a number; the last good")
        );
    }
    fs::remove_file(&path).unwrap();
    assert!(
        file.load(parse)
            .unwrap()
            .note
            .unwrap()
            .contains("cannot read")
    );
    fs::write(&path, "2").unwrap();
    let loaded = file.load(parse).unwrap();
    assert_eq!((*loaded.spec, loaded.changed, loaded.note), (2, true, None));
}

#[test]
fn the_good_one_that_comes_back_is_no_longer_broken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killick.toml");
    let mut file = SpecFile::new(&path);
    for (content, good, noted) in [("1", 1, false), ("x", 1, true), ("1", 1, false)] {
        fs::write(&path, content).unwrap();
        let loaded = file.load(parse).unwrap();
        assert_eq!((*loaded.spec, loaded.note.is_some()), (good, noted));
    }
}
