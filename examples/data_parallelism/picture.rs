//! The upper half of the Mandelbrot set. Each row can be computed without the
//! others, and some take a hundred times as long as others.

use std::fs::File;
use std::io;
use std::path::Path;

/// A point that has not escaped after so many steps is taken for one that never does.
pub const LIMIT: u32 = 255;

/// Shades to a doubling of the steps.
const FINE: u32 = 4;

// ANCHOR: row
/// One row, from the left: for each pixel a shade, the mean of four points in it.
pub fn row(y: usize, width: usize) -> Vec<u8> {
    let step = 2.6 / width as f64;
    let point = |x: usize, y: usize, dx, dy| {
        shade(escape(-2.05 + (x as f64 + dx) * step, 1.25 - (y as f64 + dy) * step))
    };
    (0..width)
        .map(|x| {
            let corners = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)];
            let shades = corners.map(|(dx, dy)| u32::from(point(x, y, dx, dy)));
            (shades.iter().sum::<u32>() / 4) as u8
        })
        .collect()
}

/// How many steps of z² + c it takes until z leaves the circle of radius 2.
fn escape(re: f64, im: f64) -> u32 {
    let (mut x, mut y) = (0.0, 0.0);
    (0..LIMIT)
        .take_while(|_| {
            (x, y) = (x * x - y * y + re, 2.0 * x * y + im);
            x * x + y * y <= 4.0
        })
        .count() as u32
}
// ANCHOR_END: row

/// Half as high as it is wide.
pub fn height(width: usize) -> usize {
    width / 2
}

/// By the logarithm of the steps, in whole numbers: every machine computes the same.
fn shade(steps: u32) -> u8 {
    let steps = steps + 1;
    (FINE * steps.ilog2() + ((steps * FINE) >> steps.ilog2()) % FINE) as u8
}

/// Writes rows of shades as a PNG with a palette.
pub fn save(file: &Path, rows: &[Vec<u8>]) -> Result<(), png::EncodingError> {
    let width = rows.first().map_or(0, Vec::len);
    let mut png =
        png::Encoder::new(io::BufWriter::new(File::create(file)?), width as u32, rows.len() as u32);
    png.set_color(png::ColorType::Indexed);
    png.set_depth(png::BitDepth::Eight);
    png.set_palette(palette());
    png.set_compression(png::Compression::High);
    png.write_header()?.write_image_data(&rows.concat())
}

/// From paper to night: red, green and blue of each shade, between a few that were chosen.
fn palette() -> Vec<u8> {
    const CHOSEN: [[i32; 3]; 5] =
        [[250, 247, 240], [240, 200, 130], [200, 95, 70], [75, 45, 95], [18, 20, 45]];
    let last = i32::from(shade(LIMIT));
    (0..=last)
        .flat_map(|shade| {
            let place = shade * (CHOSEN.len() as i32 - 1);
            let (from, part) = (place / last, place % last);
            let to = (from + 1).min(CHOSEN.len() as i32 - 1);
            let [from, to] = [from, to].map(|place| CHOSEN[place as usize]);
            [0, 1, 2].map(|i| (from[i] + (to[i] - from[i]) * part / last) as u8)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The default of `--width`.
    const WIDTH: usize = 640;

    #[test]
    fn the_book_shows_the_picture_that_this_draws() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/threads/mandelbrot.png");
        let mut png = png::Decoder::new(io::BufReader::new(File::open(file).unwrap()));
        png.set_transformations(png::Transformations::IDENTITY);
        let mut reader = png.read_info().unwrap();
        assert_eq!(reader.info().palette.as_deref(), Some(&palette()[..]));
        let mut shades = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut shades).unwrap();
        let drawn: Vec<_> = (0..height(WIDTH)).map(|y| row(y, WIDTH)).collect();
        assert!(drawn.concat() == shades, "run the example with --picture to draw it again");
    }

    #[test]
    fn shades_rise_with_the_steps_and_all_are_in_the_palette() {
        let shades: Vec<_> = (0..=LIMIT).map(shade).collect();
        assert!(shades.is_sorted());
        assert_eq!(palette().len(), 3 * (usize::from(shades[LIMIT as usize]) + 1));
    }
}
