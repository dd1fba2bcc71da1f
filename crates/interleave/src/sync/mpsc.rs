//! Channels: sending, receiving and dropping an end are steps.
