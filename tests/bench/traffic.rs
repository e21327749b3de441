//! What a client asked of AWS, and when.

use std::time::Instant;

/// One call at the proxy: the request was read, the answer went out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: Instant,
    pub(crate) end: Instant,
}

/// The log of one run.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) spans: Vec<Span>,
    /// Connections that were opened.
    pub(crate) connections: usize,
    /// Calls whose answer was not known yet: they took longer than they should.
    pub(crate) learned: usize,
}

/// The figures of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) calls: usize,
    /// Calls in flight at one time, at most.
    pub(crate) peak: usize,
    /// How many calls began as the n-th of a chain of calls that waited for one another.
    pub(crate) waves: Vec<usize>,
    pub(crate) connections: usize,
    pub(crate) learned: usize,
}

impl Log {
    pub(crate) fn figures(mut self) -> Traffic {
        self.spans.sort_by_key(|span| span.start);
        let mut done: Vec<(Span, usize)> = Vec::new();
        let (mut peak, mut waves) = (0, Vec::new());
        for span in self.spans {
            let before = done.iter().filter(|(other, _)| other.end <= span.start);
            let depth = before.map(|(_, depth)| depth + 1).max().unwrap_or(0);
            if waves.len() <= depth {
                waves.resize(depth + 1, 0);
            }
            if let Some(wave) = waves.get_mut(depth) {
                *wave += 1;
            }
            done.push((span, depth));
            let flying = done.iter().filter(|(other, _)| other.end > span.start);
            peak = peak.max(flying.count());
        }
        Traffic {
            calls: done.len(),
            peak,
            waves,
            connections: self.connections,
            learned: self.learned,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Log, Span};

    #[test]
    fn waves_are_chains_and_not_moments_of_silence() {
        let zero = Instant::now();
        let at = |ms| zero + Duration::from_millis(ms);
        let spans = [(0, 80), (5, 85), (82, 162), (90, 170), (165, 245)];
        let spans = spans.map(|(start, end)| Span {
            start: at(start),
            end: at(end),
        });
        let log = Log {
            spans: spans.to_vec(),
            ..Log::default()
        };
        let figures = log.figures();
        assert_eq!(figures.waves, [2, 2, 1]);
        assert_eq!((figures.calls, figures.peak), (5, 2));
    }
}
