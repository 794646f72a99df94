"""The design system: how every page of the platform looks, reads and is navigated."""
