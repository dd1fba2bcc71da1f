//! Where the site stands.

use std::str::FromStr;

/// The address of the site's root, which ends with a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Address, String> {
        let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let plain = |c: char| c.is_ascii_graphic() && !"?#\"<>\\".contains(c);
        match host {
            Some(host) if !host.is_empty() && !host.starts_with('/') && host.chars().all(plain) => {
                Ok(Address(format!("{}/", text.trim_end_matches('/'))))
            }
            _ => Err("an address such as https://example.org/book/ is needed".to_owned()),
        }
    }
}

impl Address {
    /// What follows the host, from slash to slash.
    pub fn path(&self) -> &str {
        let host = self.0.find("//").map_or(0, |slashes| slashes + 2);
        self.0[host..].find('/').map_or("/", |slash| &self.0[host + slash..])
    }

    /// The address of a file of the site.
    pub fn of(&self, file: &str) -> String {
        format!("{}{file}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_path_from_slash_to_slash() {
        let path = |text: &str| text.parse::<Address>().unwrap().path().to_owned();
        assert_eq!(path("https://example.org"), "/");
        assert_eq!(path("https://example.org/"), "/");
        assert_eq!(path("http://127.0.0.1:80/some/path"), "/some/path/");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in
            ["", "example.org", "ftp://example.org", "https://", "https:///a", "http://a/?b"]
        {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
