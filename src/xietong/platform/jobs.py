"""The worker of the jobs, a process of its own: `python -m xietong.platform.jobs`."""

import asyncio

import django
from procrastinate import App

SECONDS_TO_FINISH_A_JOB = 10
# Procrastinate takes a worker for dead when it has given no sign for this long.
SECONDS_BETWEEN_ROUNDS = 30


async def work() -> None:
    """Does the jobs as they come, until SIGTERM."""
    # Importable once Django is set up.
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    with app.replace_connector(DjangoConnector().get_worker_connector()):
        async with app.open_async():
            rounds = asyncio.create_task(_take_up_what_dead_workers_left(app))
            try:
                await app.run_worker_async(
                    delete_jobs="successful", shutdown_graceful_timeout=SECONDS_TO_FINISH_A_JOB
                )
            finally:
                rounds.cancel()


async def _take_up_what_dead_workers_left(app: App) -> None:
    while True:
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job)
        await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)


if __name__ == "__main__":
    django.setup()
    asyncio.run(work())
