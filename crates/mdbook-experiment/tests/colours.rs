//! What the style sheet promises of its colours, by the contrast of WCAG 2.

use regex::Regex;

const CSS: &str = include_str!("../web/panel.css");
/// Where mdBook's own background shows.
const BACKGROUNDS: [(&str, &str); 3] =
    [(".light", "#ffffff"), (".rust", "#e1e1db"), (".coal", "#131516")];

fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_theme_has_enough_contrast() {
    let variable = Regex::new(r"--tt-([\w-]+): (#[0-9a-f]{6});").unwrap();
    for (theme, background) in BACKGROUNDS {
        let rules = CSS.split('}').find(|rule| rule.contains(theme)).unwrap();
        let colours: Vec<(&str, &str)> =
            variable.captures_iter(rules).map(|c| c.extract().1).map(|[a, b]| (a, b)).collect();
        assert_eq!(colours.len(), 14, "{theme}");
        let surface = colours.iter().find(|(name, _)| *name == "surface").unwrap().1;
        for (name, colour) in &colours {
            let least = match *name {
                "surface" | "rule" => continue,
                name if name.starts_with("worker") => 3.0,
                _ => 4.5,
            };
            for ground in [surface, background] {
                let found = contrast(colour, ground);
                assert!(found >= least, "{theme}: {name} {colour} on {ground} has {found:.2}");
            }
        }
    }
}

#[test]
fn both_files_are_small() {
    assert!(CSS.len() < 13_000, "{}", CSS.len());
    assert!(include_str!("../web/panel.js").len() < 13_000);
}
