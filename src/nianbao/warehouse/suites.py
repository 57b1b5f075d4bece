"""Suites as files (expectations/*.yml): reading them, and filling in what varies from refresh to refresh.

    suite: reports                # name of the suite
    table: fct_report             # of schema main, or schema.table; or query: a select of one row of measures
    key: [report_id]              # columns that name a row in samples; optional
    checks:
      - id: report_year_plausible
        expect: expect_column_values_to_be_between      # a Great Expectations type, or unexpected_rows
        kwargs: {column: report_year, min_value: 2000, max_value: "{as_of.year + 1}"}
        severity: critical                              # critical refuses the candidate, warning is published
        due: [release]                                  # conditions (due.py); optional
        sentence: "{value} of {rows} reports are about an impossible year; what to do …"

A sentence may hold {value}, {threshold}, {rows} and parameters. Placeholders in kwargs are parameters, with a number
added, subtracted or multiplied where needed; {batch} in a query is left to Great Expectations. Queries find the last
release attached as `published`; a check with such a query is only due beside a release.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from nianbao.warehouse.due import CONDITIONS, asks_release, is_condition

_PLACEHOLDER = re.compile(
    r"\{(?P<name>[a-z_][a-z0-9_.]*)(?:\s*(?P<operator>[*+-])\s*(?P<number>\d+(?:\.\d+)?))?\}"
)
_LEFT_ALONE = "batch"
_SUITE_KEYS = ("suite", "table", "query", "key", "checks")
_CHECK_KEYS = ("id", "expect", "kwargs", "severity", "due", "sentence")
# In the same folder, and no suite: the bands that suites refer to.
BANDS_FILE = "bands.yml"
_SEVERITIES = ("critical", "warning")


class SuiteError(Exception):
    """A suite file is wrong; the message names file, check, what is wrong, and what was probably meant."""


@dataclass(frozen=True, slots=True)
class SuiteCheck:
    """One check as its file states it. where: file and id, for messages. key: columns that name a row.

    query: what is looked at instead of a table, '' otherwise; then schema is '' and table the suite's name.
    due: conditions under which the check runs.
    """

    check_id: str
    suite: str
    schema: str
    table: str
    expect: str
    kwargs: Mapping[str, object]
    severity: str
    sentence: str
    key: tuple[str, ...]
    due: tuple[str, ...]
    query: str
    where: str

    @property
    def asks(self) -> str:
        """The check's own query of rows, '' for other expectations."""
        return str(self.kwargs.get("unexpected_rows_query", ""))

    @property
    def subject(self) -> str:
        """The table, and the column where the check is about one."""
        column = self.kwargs.get("column")
        table = self.table if self.schema in ("main", "") else f"{self.schema}.{self.table}"
        return f"{table}.{column}" if isinstance(column, str) else table


def read_suites(folder: Path) -> tuple[SuiteCheck, ...]:
    """All checks of all suite files of a folder, in the order of file names. Raises SuiteError."""
    files = sorted(file for file in folder.glob("*.yml") if file.name != BANDS_FILE)
    if not files:
        raise SuiteError(f"{folder} holds no suite (*.yml): without checks nothing can be released")
    checks = [check for file in files for check in _read_suite(file)]
    seen: dict[str, SuiteCheck] = {}
    for check in checks:
        if check.check_id in seen:
            raise SuiteError(f"{check.where}: {seen[check.check_id].where} has the same id; ids are unique")
        seen[check.check_id] = check
    return tuple(checks)


def suggestion(word: str, known: Iterable[str]) -> str:
    """'; did you mean X?' for a word near a known one, else the known ones if they are few."""
    words = sorted(known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; known are {', '.join(words)}" if len(words) <= 12 else ""


def flat_parameters(parameters: Mapping[str, object]) -> dict[str, object]:
    """Parameters by dotted name: those of a mapping as name.key, a date also as name.year."""
    flat: dict[str, object] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}.{key}": item for key, item in flat_parameters(value).items()}
        else:
            flat[name] = value
        if isinstance(value, date):
            flat[f"{name}.year"] = value.year
    return flat


def filled(check: SuiteCheck, parameters: Mapping[str, object]) -> dict[str, object]:
    """The kwargs of a check with parameters (by dotted name) filled in. Raises SuiteError for unknown ones.

    `previous.<table>` is 0 where there was no release before, or it had no such table.
    """
    return {name: _filled(value, check, parameters) for name, value in check.kwargs.items()}


def filled_query(check: SuiteCheck, parameters: Mapping[str, object]) -> str:
    """The query of a check's suite with parameters filled in. Raises SuiteError for unknown ones."""
    return str(_filled(check.query, check, parameters))


def _filled(value: object, check: SuiteCheck, parameters: Mapping[str, object]) -> object:
    if isinstance(value, list):
        return [_filled(item, check, parameters) for item in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole and whole["name"] != _LEFT_ALONE:
        return _evaluated(whole, check, parameters)

    def as_text(match: re.Match[str]) -> str:
        return match[0] if match["name"] == _LEFT_ALONE else str(_evaluated(match, check, parameters))

    return _PLACEHOLDER.sub(as_text, value)


def _evaluated(match: re.Match[str], check: SuiteCheck, parameters: Mapping[str, object]) -> object:
    name = match["name"]
    if name not in parameters and not name.startswith("previous."):
        raise SuiteError(f"{check.where}: no parameter '{name}'{suggestion(name, parameters)}")
    value = parameters.get(name, 0)
    if match["operator"] is None:
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SuiteError(f"{check.where}: '{match[0]}' calculates with {value!r}, which is no number")
    number = float(match["number"])
    results = {"*": value * number, "+": value + number, "-": value - number}
    result = results[match["operator"]]
    return int(result) if isinstance(value, int) else result


def _read_suite(file: Path) -> list[SuiteCheck]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError) as error:
        raise SuiteError(f"{file} cannot be read as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise SuiteError(f"{file}: a suite is a mapping with {', '.join(_SUITE_KEYS)}")
    known_keys(content, _SUITE_KEYS, str(file))
    required_keys(content, ("suite", "table" if "query" not in content else "query", "checks"), str(file))
    if "table" in content and "query" in content:
        raise SuiteError(f"{file}: a suite looks at a table or at a query, not at both")
    if not isinstance(content["checks"], list):
        raise SuiteError(f"{file}: checks is a list")
    return [
        _read_check(item, number, content, file) for number, item in enumerate(content["checks"], start=1)
    ]


def _read_check(item: object, number: int, suite: Mapping[str, object], file: Path) -> SuiteCheck:
    if not isinstance(item, dict):
        raise SuiteError(f"{file}, check {number}: a check is a mapping with {', '.join(_CHECK_KEYS)}")
    where = f"{file}, check {item.get('id', number)}"
    known_keys(item, _CHECK_KEYS, where)
    required_keys(item, ("id", "expect", "severity", "sentence"), where)
    if item["severity"] not in _SEVERITIES:
        raise SuiteError(f"{where}: severity is critical or warning, not '{item['severity']}'")
    kwargs = item.get("kwargs") or {}
    if not isinstance(kwargs, dict):
        raise SuiteError(f"{where}: kwargs is a mapping")
    due = tuple(map(str, item.get("due") or ()))
    for condition in due:
        if not is_condition(condition):
            raise SuiteError(f"{where}: '{condition}' is no condition of due; known are {CONDITIONS}")
    if asks_release(f"{suite.get('query', '')} {kwargs.get('unexpected_rows_query', '')}") and not due:
        raise SuiteError(f"{where}: looks at the last release; say `due: [release]`")
    schema, table = "", str(suite["suite"])
    if "table" in suite:
        schema, _, table = str(suite["table"]).rpartition(".")
        schema = schema or "main"
    key = suite.get("key") or []
    if not isinstance(key, list):
        raise SuiteError(f"{file}: key is a list of columns")
    return SuiteCheck(
        check_id=str(item["id"]),
        suite=str(suite["suite"]),
        schema=schema,
        table=table,
        expect=str(item["expect"]),
        kwargs=kwargs,
        severity=str(item["severity"]),
        sentence=str(item["sentence"]).strip(),
        key=tuple(str(column) for column in key),
        due=due,
        query=str(suite.get("query", "")).strip(),
        where=where,
    )


def known_keys(item: Mapping[object, object], known: tuple[str, ...], where: str) -> None:
    """Raises SuiteError for a key that is not known, with what was probably meant."""
    for key in item:
        if key not in known:
            raise SuiteError(f"{where}: unknown key '{key}'{suggestion(str(key), known)}")


def required_keys(item: Mapping[str, object], keys: tuple[str, ...], where: str) -> None:
    """Raises SuiteError for a key that is missing or empty."""
    for key in keys:
        if item.get(key) in (None, ""):
            raise SuiteError(f"{where}: '{key}' is missing")
