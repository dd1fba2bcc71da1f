//! The few statistics that the book uses. Samples are never empty.

/// The middle of the sorted samples; between the two middle ones of an even number.
pub fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        (sorted[middle - 1] + sorted[middle]) / 2.0
    } else {
        sorted[middle]
    }
}

/// The smallest and the largest sample.
pub fn range(samples: &[f64]) -> (f64, f64) {
    samples
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| (low.min(x), high.max(x)))
}

/// Samples sorted into bins of equal width.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// Left edge of the first bin.
    pub low: f64,
    /// Right edge of the last bin.
    pub high: f64,
    /// Samples in each bin.
    pub counts: Vec<usize>,
}

impl Histogram {
    /// Sorts `samples` into `bins` bins from the smallest to the largest; into
    /// a single one if all are the same. The last bin contains its right edge.
    pub fn new(samples: &[f64], bins: usize) -> Histogram {
        let (low, high) = range(samples);
        if low == high {
            return Histogram { low, high, counts: vec![samples.len()] };
        }
        let mut counts = vec![0; bins];
        for sample in samples {
            let bin = ((sample - low) / (high - low) * bins as f64) as usize;
            counts[bin.min(bins - 1)] += 1;
        }
        Histogram { low, high, counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_odd_and_even_numbers_of_samples() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn a_histogram_holds_every_sample_once() {
        let histogram = Histogram::new(&[0.0, 1.0, 2.0, 9.9, 10.0], 5);
        assert_eq!(histogram.counts, [2, 1, 0, 0, 2]);
        assert_eq!(Histogram::new(&[7.0; 4], 5).counts, [4]);
    }
}
