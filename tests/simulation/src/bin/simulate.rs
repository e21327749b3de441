//! Lives many random lives on all cores: `just simulate 2000`.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use killick_simulation::{Report, Scenario, play, shrink::shrink};
use mimalloc::MiMalloc;

/// The SDK allocates for every layer of every call: a third of the time went
/// into that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Lives random lives of a stack and checks the invariants after each.
#[derive(Debug, Parser)]
struct Args {
    /// How many
    #[arg(default_value_t = 1000)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// How many at a time; all cores when left out
    #[arg(long)]
    threads: Option<usize>,
    /// How often in each life somebody strips or copies tags besides
    #[arg(long, default_value_t = 0)]
    strips: u8,
    /// Tell what happens in each
    #[arg(long)]
    story: bool,
}

#[derive(Debug, Default)]
struct Totals {
    calls: usize,
    faults: u64,
    runs: usize,
    failed: Vec<u64>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, totals) = (AtomicU64::new(args.from), Mutex::new(Totals::default()));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..args.threads.unwrap_or(cores) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= args.from + args.seeds {
                        return;
                    }
                    let report = play(&Scenario::random(seed).stripped(args.strips));
                    if args.story {
                        println!("seed {seed}\n{}", report.story.join("\n"));
                    }
                    let mut totals = totals.lock().expect("nobody panics with it");
                    totals.add(seed, &report);
                }
            });
        }
    });
    let mut totals = totals.into_inner().expect("nobody panics with it");
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} seeds in {seconds:.1} s, {:.1} a second: {} runs of killick, {} calls, {} faults",
        args.seeds,
        args.seeds as f64 / seconds,
        totals.runs,
        totals.calls,
        totals.faults,
    );
    totals.failed.sort_unstable();
    println!("{} failed: {:?}", totals.failed.len(), totals.failed);
    let Some(seed) = totals.failed.first() else {
        return ExitCode::SUCCESS;
    };
    let small = shrink(&Scenario::random(*seed).stripped(args.strips));
    let report = play(&small);
    println!(
        "\n{}\n{}\n{}",
        report.story.join("\n"),
        report.broken.join("\n"),
        small.source()
    );
    ExitCode::FAILURE
}

impl Totals {
    fn add(&mut self, seed: u64, report: &Report) {
        self.calls += report.calls;
        self.faults += report.faults;
        self.runs += report.runs;
        if !report.broken.is_empty() {
            self.failed.push(seed);
            println!(
                "seed {seed}: {}",
                report.broken.first().map_or("", String::as_str)
            );
        }
    }
}
