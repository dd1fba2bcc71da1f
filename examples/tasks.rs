//! Nothing: the experiments with tokio are this package's examples.
