"""The tutor in a browser: one process for each visitor, on loopback unless told otherwise."""
