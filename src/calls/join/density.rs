//! How likely a duration is: a histogram of logarithms, smoothed, as a table that is only looked up.
//!
//! Must not know: legs, what the durations are of.

/// Bins of an octave.
const FINE: i32 = 8;
/// The shortest duration that is told apart: 8 µs.
const FIRST_OCTAVE: i32 = 3;
const OCTAVES: i32 = 24;
const BINS: usize = (OCTAVES * FINE) as usize;
/// Width of a bin as a natural logarithm.
const WIDTH: f32 = std::f32::consts::LN_2 / FINE as f32;
/// Share of the durations that keep to what was seen; the others take any time up to two minutes.
const REGULAR: f32 = 0.85;
/// Spread of the prior below its median.
const SHORTER: f32 = 0.7;
/// What takes any time takes at least this many seconds.
const SHORTEST: f32 = 0.002;
/// Logarithm of a density beyond all bins.
const NEVER: f32 = -20.0;

/// The logarithm of the density per second, by duration.
#[derive(Debug, Clone)]
pub(super) struct Density {
    table: Box<[f32; BINS]>,
}

/// The bin of a duration in microseconds.
fn bin(micros: i64) -> usize {
    let value = micros.clamp(1 << FIRST_OCTAVE, i64::from(u32::MAX)) as u64;
    let octave = 63 - value.leading_zeros() as i32;
    // Within an octave bins are of equal length, which is close enough to equal ratios.
    let part = ((value << FINE.trailing_zeros()) >> octave) as i32 - FINE;
    (((octave - FIRST_OCTAVE) * FINE + part) as usize).min(BINS - 1)
}

/// Middle of a bin in seconds.
fn seconds(bin: usize) -> f32 {
    let octave = bin as i32 / FINE + FIRST_OCTAVE;
    let part = (bin as i32 % FINE) as f32 + 0.5;
    2.0_f32.powi(octave) * (1.0 + part / FINE as f32) * 1e-6
}

/// The natural logarithm to about a hundredth, without a call.
pub(super) fn log(value: f32) -> f32 {
    let bits = value.to_bits() as i32;
    let (exponent, mantissa) = ((bits >> 23) - 127, f32::from_bits((bits & 0x7f_ffff | 0x3f80_0000) as u32));
    let fraction = (-0.344_84 * mantissa + 2.024_66) * mantissa - 1.674_87;
    (exponent as f32 + fraction) * std::f32::consts::LN_2
}

/// Durations that were seen.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    bins: Box<[u32; BINS]>,
    pub(super) count: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { bins: Box::new([0; BINS]), count: 0 }
    }
}

impl Histogram {
    pub(super) fn add(&mut self, micros: i64) {
        self.bins[bin(micros)] += 1;
        self.count += 1;
    }

    /// The bin up to which this share of the durations is.
    fn quantile(&self, share: f32) -> usize {
        let mut left = self.count as f32 * share;
        let is_there = |&count: &u32| {
            left -= count as f32;
            left < 0.0
        };
        self.bins.iter().position(is_there).unwrap_or(BINS - 1)
    }

    /// The duration in microseconds that this share does not exceed.
    pub(super) fn longest(&self, share: f32) -> i64 {
        (seconds(self.quantile(share)) * 1e6) as i64
    }

    /// Logarithmic distance from the median at which half of the durations are nearer.
    fn spread(&self) -> f32 {
        (self.quantile(0.75) - self.quantile(0.25)) as f32 * WIDTH / 2.0
    }
}

impl Density {
    /// Before anything is seen: around `median` seconds, `spread` away on average, as logarithms.
    pub(super) fn prior(median: f32, spread: f32) -> Self {
        Self::learned(&Histogram::default(), median, spread, 1.0)
    }

    /// What `seen` and a prior that counts for `weight` durations say together.
    pub(super) fn learned(seen: &Histogram, median: f32, spread: f32, weight: f32) -> Self {
        let count = seen.count as f32;
        let smoothed = smoothed(seen);
        let (middle, mut table) = (median.ln(), Box::new([0.0; BINS]));
        for (at, slot) in table.iter_mut().enumerate() {
            let time = seconds(at);
            let away = time.ln() - middle;
            // Half as long is less likely than twice as long: everything takes some time.
            let side = if away < 0.0 { spread.min(SHORTER) } else { spread };
            let before = (-away.abs() / side).exp() / (spread + spread.min(SHORTER));
            let regular = (smoothed[at] + weight * before) / (count + weight);
            let any = if time < 120.0 { (1.0 - REGULAR) / (BINS as f32 * WIDTH) } else { 0.0 };
            *slot = (REGULAR * regular / time + any / time.max(SHORTEST)).ln().max(NEVER);
        }
        Self { table }
    }

    /// Logarithm of the density per second.
    pub(super) fn at(&self, micros: i64) -> f32 {
        self.table[bin(micros)]
    }
}

/// The histogram per unit of the logarithm, each duration spread around its bin: the more were seen, the less.
fn smoothed(seen: &Histogram) -> [f32; BINS] {
    let mut bins = [0.0_f32; BINS];
    if seen.count == 0 {
        return bins;
    }
    let reach = (1.5 * seen.spread() * (seen.count as f32).powf(-0.2)).max(WIDTH);
    let kept = (-WIDTH / reach).exp();
    let (mut forth, mut back) = (0.0, 0.0);
    let scale = (1.0 - kept) / (1.0 + kept) / WIDTH;
    for at in 0..BINS {
        forth = forth * kept + seen.bins[at] as f32;
        bins[at] += forth * scale;
        let opposite = BINS - 1 - at;
        bins[opposite] += back * kept * scale;
        back = back * kept + seen.bins[opposite] as f32;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_logarithm_is_close() {
        for value in [0.001_f32, 0.3, 0.999, 1.0, 1.5, 1.9, 2.0, 7.0, 1e6] {
            assert!((log(value) - value.ln()).abs() < 0.01, "{value}: {}", log(value));
        }
    }

    #[test]
    fn a_duration_is_likely_where_many_were_seen() {
        let mut seen = Histogram::default();
        (0..200).for_each(|n| seen.add(9_000 + 10 * n));
        let density = Density::learned(&seen, 0.02, 1.6, 5.0);
        assert!(density.at(10_000) > density.at(5_000) + 2.0);
        assert!(density.at(10_000) > density.at(20_000) + 2.0);
        assert!(density.at(10_000) > Density::prior(0.02, 1.6).at(10_000) + 1.0);
        // All together they are 1.
        let all: f32 = (0..BINS).map(|bin| density.table[bin].exp() * seconds(bin) * WIDTH).sum();
        assert!((0.95..1.05).contains(&all), "{all}");
        assert!([0, 1, 8, i64::MAX, -5].iter().all(|&micros| density.at(micros).is_finite()));
    }
}
