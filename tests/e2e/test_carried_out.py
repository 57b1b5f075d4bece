"""A run counts as what the ledger says of it, where Prefect could not take its end."""

import pytest

from flows import recorded
from flows.recorded import RefreshResult, RefusedError, carried_out
from nianbao.settings import Settings
from nianbao.warehouse.ledger import Ledger, RefreshState


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


def losing(settings, state, *, own=True):
    """What a flow does whose run ends in a state, and whose server is gone by then."""

    def run():
        ledger = Ledger(settings.ledger)
        refresh_id = ledger.begin("reextract")
        if own:
            recorded._begun.append(refresh_id)
        ledger.end(refresh_id, state, "three differences in rows", None)
        raise ConnectionError("Failed to reach API")

    return run


@pytest.mark.parametrize("state", [RefreshState.PUBLISHED, RefreshState.QUIET, RefreshState.SHOWN])
def test_a_run_that_ended_well_is_well_without_prefect(settings, state):
    result = carried_out(losing(settings, state), settings, {})
    (row,) = Ledger(settings.ledger).refreshes()
    assert result == RefreshResult(row.refresh_id, state, "three differences in rows")


def test_a_refusal_is_a_refusal_without_prefect(settings):
    with pytest.raises(RefusedError, match="three differences"):
        carried_out(losing(settings, RefreshState.REFUSED), settings, {})


@pytest.mark.parametrize("state", [RefreshState.FAILED, RefreshState.GATHERED, RefreshState.RUNNING])
def test_a_run_that_did_not_come_to_its_end_is_none(settings, state):
    with pytest.raises(ConnectionError):
        carried_out(losing(settings, state), settings, {})


def test_what_another_process_published_meanwhile_is_not_this_run(settings):
    with pytest.raises(ConnectionError):
        carried_out(losing(settings, RefreshState.PUBLISHED, own=False), settings, {})
