"""What names no storage is told in a sentence, without what may be secret in it."""

import pytest

from nianbao.storage import Objects, StorageError


@pytest.mark.parametrize(
    "address", ["s3://", "ftp://host/x", "/a/folder", "s3://key:secret@bucket/prefix", "reports"]
)
def test_an_address_that_names_no_storage_is_told_so(address):
    with pytest.raises(StorageError, match="names no storage") as told:
        Objects(address)
    assert "secret" not in str(told.value)


def test_commands_say_which_setting_is_missing(command):
    for what in ("push", "pull", "verify"):
        command("storage", what, exit_code=1)
        assert "NIANBAO_STORAGE" in command.err and "Traceback" not in command.err


def test_a_home_without_a_warehouse_on_ducklake_says_so(command):
    for arguments in (("list",), ("attach",), ("share",)):
        command("warehouse", *arguments, exit_code=1)
        assert "NIANBAO_WAREHOUSE" in command.err and "Traceback" not in command.err
