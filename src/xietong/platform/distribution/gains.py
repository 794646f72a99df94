"""By what kinds of persons it is told who gains from a step: by the kind of their household."""

# One row a person on the roll, with their kind.
KINDS = "SELECT person_id AS id, kind FROM people_householdkind"
