//! Processor time of processes: on a machine that others use too it says more than the clock.

use std::fs;
use std::time::Duration;

/// Length of a tick in `/proc/*/stat`: Linux reports a hundred a second to programs, whatever it counts with itself.
const TICK: Duration = Duration::from_millis(10);

/// Processor time that a process has used so far, in programs and in the kernel; `process` is a number or `self`.
/// Zero where there is no such process or no `/proc`.
#[must_use]
pub fn used(process: impl std::fmt::Display) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the program, in brackets, may hold blanks.
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    TICK * ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_shows() {
        let before = used("self");
        let mut sum = 0_u64;
        while used("self") < before + TICK * 3 {
            sum = (0..1_000_000_u64).fold(sum, |sum, n| sum.wrapping_mul(31).wrapping_add(n));
        }
        assert_ne!(sum, 0);
        assert_eq!(used("no-process"), Duration::ZERO);
    }
}
