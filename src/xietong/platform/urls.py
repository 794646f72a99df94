"""Every address of the platform; each room brings its own."""

urlpatterns: list[object] = []
