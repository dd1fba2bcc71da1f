//! Claims, with what became of them.

use maud::{Markup, html};
use taking_turns::claim::Verdict;
use taking_turns::report::{Finding, Report};

use crate::value::{day, prose, sentence};

/// The name by which a page links to the claim `id` of `experiment`.
pub(crate) fn anchor(experiment: &str, id: &str) -> String {
    format!("{experiment}-claim-{id}")
}

/// The claims of a panel.
pub(crate) fn of_panel(report: &Report) -> Markup {
    html! {
        ul.claims aria-label="Claims" {
            @for claim in &report.claims {
                li.(class(claim)) id=(anchor(&report.experiment, &claim.id)) {
                    (line(claim, prose(&claim.text)))
                }
            }
        }
    }
}

/// The claims of all panels: each report with the link to its panel's page.
pub(crate) fn of_book<'a>(panels: impl Iterator<Item = (&'a Report, String)>) -> Markup {
    html! {
        div.all-claims {
            @for (report, page) in panels {
                section.panel aria-label=(report.experiment) {
                    p.panel-name {
                        a href={ (page) "#" (report.experiment) } { code { (report.experiment) } }
                        " " (sentence(&report.question))
                    }
                    p.quiet { "recorded " (day(&report.machine.recorded)) }
                    ul.claims {
                        @for claim in &report.claims {
                            li.(class(claim)) {
                                @let link = anchor(&report.experiment, &claim.id);
                                (line(claim, html! {
                                    a href={ (page) "#" (link) } { (prose(&claim.text)) }
                                }))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The claim `id` of `report`, if it holds: what was only seen decides nothing.
pub(crate) fn deciding<'a>(report: &'a Report, id: &str) -> Result<&'a Finding, String> {
    let name = &report.experiment;
    let Some(claim) = report.claims.iter().find(|claim| claim.id == id) else {
        return Err(format!("the record of `{name}` has no claim `{id}`"));
    };
    match claim.verdict {
        Some(Verdict::Holds) => Ok(claim),
        Some(verdict) => Err(format!("claim `{id}` of `{name}` decides nothing: {verdict}")),
        None => Err(format!("claim `{id}` of `{name}` decides nothing: it was only observed")),
    }
}

/// What became of a saying, and the claims that decide it, each with the link
/// to its panel's page.
pub(crate) fn verdict(words: &str, claims: &[(&Report, &Finding, String)]) -> Markup {
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    let words = format!("{}{}", first.to_uppercase(), rest.replace('-', " "));
    html! {
        div.said {
            p.verdict { strong { (sentence(&words)) } }
            ul.claims aria-label="Decided by" {
                @for (report, claim, page) in claims {
                    li.(class(claim)) {
                        @let link = anchor(&report.experiment, &claim.id);
                        (line(claim, html! {
                            a href={ (page) "#" (link) } { (prose(&claim.text)) }
                        }))
                    }
                }
            }
        }
    }
}

fn line(claim: &Finding, text: Markup) -> Markup {
    html! {
        span.mark aria-hidden="true" { (Verdict::mark(claim.verdict)) }
        " " span.kind { (claim.kind.to_string()) }
        " " span.text { (text) }
        " " span.evidence {
            @if let Some(verdict) = claim.verdict { strong { (verdict.to_string()) } ": " }
            (sentence(&claim.evidence))
        }
    }
}

fn class(claim: &Finding) -> &'static str {
    match claim.verdict {
        Some(Verdict::Holds) => "holds",
        Some(Verdict::Fails) => "fails",
        Some(Verdict::Untestable) => "untestable",
        None => "observed",
    }
}
