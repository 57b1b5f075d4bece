import pytest
from small_site import serving


@pytest.fixture
def site():
    with serving() as site:
        site.answers["/ok"] = (200, "年报".encode())
        yield site
