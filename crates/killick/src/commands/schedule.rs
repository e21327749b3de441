//! `killick schedule`: files for somebody else's scheduler.

use std::fmt::Write as _;
use std::path::Path;

use killick_schedule::{Every, File, Job, Target, files};

use crate::app::App;
use crate::args::{self, Scheduler};
use crate::assess::Source;
use crate::error::Error;
use crate::exit::Exit;
use crate::files::why;

/// Prints the files, or writes them into a folder.
///
/// # Errors
/// Bad spec; what the scheduler cannot express; a file that is there already.
pub async fn schedule(app: &App, args: &args::Schedule) -> Result<Exit, Error> {
    let source = Source::read(&args.spec, &app.killick)?;
    let spec = source.spec()?;
    let wrong = |error: killick_schedule::Error| Error::new(error.to_string()).hint(error.hint());
    let every: Every = args.every.parse().map_err(wrong)?;
    let here = matches!(args.scheduler, Scheduler::Systemd | Scheduler::Cron);
    let job = Job {
        program: args.program.clone().unwrap_or_else(|| program(here)),
        spec: match here {
            true => absolute(&args.spec)?,
            false => args.spec.display().to_string(),
        },
        spec_text: source.text,
        stack: spec.stack,
        region: spec.region,
        every,
        fail_on: args.fail_on,
        role: args.role.clone(),
        image: args.image.clone(),
        install: args.install.clone(),
    };
    let target = match args.scheduler {
        Scheduler::Systemd => Target::Systemd,
        Scheduler::Cron => Target::Cron,
        Scheduler::Github => Target::Github,
        Scheduler::Kubernetes => Target::Kubernetes,
    };
    let files = files(target, &job).map_err(wrong)?;
    match &args.dir {
        Some(folder) => write(app, folder, &files)?,
        None => app.out.data(&printed(&files)),
    }
    Ok(Exit::Done)
}

/// This program where the job runs on this machine, else its name.
fn program(here: bool) -> String {
    let own = std::env::current_exe().ok().filter(|_| here);
    own.map_or_else(|| "killick".to_owned(), |path| path.display().to_string())
}

fn absolute(path: &Path) -> Result<String, Error> {
    let absolute = std::path::absolute(path);
    let absolute = absolute.map_err(|error| {
        Error::new(format!(
            "{} has no absolute path: {}",
            path.display(),
            why(&error)
        ))
    })?;
    Ok(absolute.display().to_string())
}

fn printed(files: &[File]) -> String {
    let mut text = String::new();
    for file in files {
        if files.len() > 1 {
            let _ = writeln!(text, "# ---- {}", file.name);
        }
        text.push_str(&file.text);
    }
    text
}

/// None of them is overwritten, and none is written if one is there.
fn write(app: &App, folder: &Path, files: &[File]) -> Result<(), Error> {
    let there = files.iter().map(|file| folder.join(&file.name));
    if let Some(path) = there.clone().find(|path| path.exists()) {
        return Err(Error::new(format!("{} is there already", path.display()))
            .hint("move it away, or name another folder with --dir"));
    }
    let failed = |path: &Path, error: &std::io::Error| {
        Error::new(format!("cannot write {}: {}", path.display(), why(error)))
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for (file, path) in files.iter().zip(there) {
        create(&path, file).map_err(|error| failed(&path, &error))?;
        app.out.note(&format!("wrote {}", path.display()));
    }
    Ok(())
}

fn create(path: &Path, file: &File) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(file.mode);
    }
    options.open(path)?.write_all(file.text.as_bytes())
}
