from django.db import migrations

# Defined here because the tables of credits lie below the motions that move them.
DECIDED = """
CREATE FUNCTION decisions_has_set_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM decisions_motion AS motion
        WHERE motion.id = NEW.decision AND motion.effect = 'set_spread'
          AND motion.state = 'decided'
          AND (motion.subject ->> 'round')::int <= NEW.round_number
          AND (motion.subject -> 'values' ->> motion.winner)::int = NEW.thousandths
    ) THEN
        RAISE EXCEPTION 'no vote has set this spread'
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decisions_has_set_spread BEFORE INSERT ON credits_spread
FOR EACH ROW WHEN (NEW.decision IS NOT NULL) EXECUTE FUNCTION decisions_has_set_spread();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0001_initial"),
        ("credits", "0005_factors"),
    ]

    operations = [
        migrations.RunSQL(
            DECIDED,
            """
            DROP TRIGGER decisions_has_set_spread ON credits_spread;
            DROP FUNCTION decisions_has_set_spread;
            """,
        ),
    ]
