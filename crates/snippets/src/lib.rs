//! Nothing of its own: the dependencies of this package are what the book's
//! snippets may use.
