import pytest
from django.db import connection


@pytest.fixture
def no_jobs(transactional_db: None) -> None:
    """Procrastinate's tables are not Django's to empty: jobs of other tests may still wait."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
