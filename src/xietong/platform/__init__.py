"""The platform: one Django project, one folder a noun."""
