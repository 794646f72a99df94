import psycopg
import pytest
from django.db import close_old_connections, connection


@pytest.mark.django_db(transaction=True)
def test_that_a_connection_that_the_server_has_ended_is_not_used_again() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    ended = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params()) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    assert not connection.is_usable()
    # As at the beginning of each request.
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.connection.info.backend_pid != ended
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()
