"""总览室: the pictures of all of it."""
