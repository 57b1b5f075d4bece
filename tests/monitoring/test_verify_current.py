"""`nianbao releases verify` on a home whose `current` leads nowhere."""

from __future__ import annotations

import io

from nianbao.commands.releases import verified
from nianbao.settings import Settings


def test_verifying_says_that_current_leads_nowhere(tmp_path):
    home = Settings(home=tmp_path)
    home.releases.mkdir()
    home.current.symlink_to("releases/gone")
    out, err = io.StringIO(), io.StringIO()
    assert verified(home, "", False, out, err) == 1
    assert "gone, which is no release; to mend it:" in err.getvalue()


def test_a_home_without_releases_verifies(tmp_path):
    assert verified(Settings(home=tmp_path), "", False, io.StringIO(), io.StringIO()) == 0
