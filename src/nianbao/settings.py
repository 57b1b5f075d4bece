"""One place for settings (NIANBAO_* variables) and one home for what runs produce.

Nothing else reads the NIANBAO_* variables, but for the clock, which reads its offset at each call. `library_environment` also holds the switches that keep the
libraries from reporting home; it has to run before Prefect, dbt or Great Expectations are imported.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]
_RESOLVE_ENTRY = re.compile(r"(?P<host>[^=,\s]+)=(?P<address>\[[0-9A-Fa-f:.]+\]|[0-9.]+):(?P<port>\d{1,5})")
_WORKERS = re.compile(
    r"threads|processes(:[1-9]\d{0,3})?|dask:(tcp|tls)://[^\s/:@]+:\d{1,5}|ray:(ray://)?[^\s/:@]+:\d{1,5}"
)
_POSTGRES = ("postgresql", "postgres", "postgresql+asyncpg")


def in_checkout() -> bool:
    """True when the package runs from a checkout, False when it was installed from a wheel."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "dbt_project").is_dir()


def project_dir(name: str) -> Path:
    """The folder `dbt_project`, `expectations` or `data`: of the checkout, else as the wheel carries it.

    Raises FileNotFoundError when the installation lacks it.
    """
    folder = (_CHECKOUT if in_checkout() else _PACKAGE / "_project") / name
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: the installation is incomplete, install nianbao again")
    return folder


def _default_home() -> Path:
    if in_checkout():
        return _CHECKOUT / "var"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "nianbao"


class Settings(BaseSettings):
    """All settings, each given by the variable NIANBAO_<NAME>. docs/settings.md lists them."""

    model_config = SettingsConfigDict(
        env_prefix="NIANBAO_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(
        default_factory=_default_home,
        description="where runs put everything: archive, lake, builds, releases, ledger (default: var/ of the "
        "checkout, else ~/.local/share/nianbao)",
    )
    data: Path | None = Field(
        default=None,
        description="a registry folder to use instead of the bundled data/; files it lacks are taken from there; the "
        "home remembers it, so that later refreshes and imports need not name it again",
    )
    resolve: str = Field(
        default="",
        description="host=address:port, comma separated: where to connect for these hosts, like curl's "
        "--connect-to; used for simulated districts. Plain HTTP is spoken there, for https addresses too, unless the "
        "port is 443. A host named here may lie on a private address, which other hosts may not",
    )
    contact: str = Field(
        default="",
        description="an address or mailbox that site owners can write to, put into the User-Agent",
    )
    connect_timeout: float = Field(default=10.0, gt=0, description="seconds to wait for a connection")
    read_timeout: float = Field(default=30.0, gt=0, description="seconds to wait for the next bytes")
    fetch_timeout: float = Field(default=120.0, gt=0, description="seconds one body may take altogether")
    max_body_bytes: int = Field(default=50_000_000, gt=0, description="larger bodies are cut off: oversized")
    max_redirects: int = Field(default=8, ge=0, description="redirects followed for one address")
    retries: int = Field(default=2, ge=0, description="further tries after a timeout or a 5xx answer")
    retry_wait: float = Field(
        default=2.0,
        ge=0,
        description="longest pause in seconds before the first further try; it doubles with each, up to 60, and the "
        "pause itself is any part of it",
    )
    retry_after_max: float = Field(
        default=60.0,
        ge=0,
        description="seconds that a site may ask to wait (Retry-After) and is waited for; if it asks for more, its "
        "host is left alone until the next refresh",
    )
    crawl_delay_max: float = Field(
        default=30.0,
        ge=0,
        description="seconds between two requests that a robots.txt may ask for; a site that asks for more is not asked",
    )
    failures_in_a_row: int = Field(
        default=5,
        gt=0,
        description="requests in a row without an answer after which a host is left alone until the next refresh",
    )
    parallel_hosts: int = Field(default=8, gt=0, description="hosts fetched from at the same time")
    workers: str = Field(
        default="threads",
        description="who reads and extracts: threads (of this process), processes (one for each processor), processes:NUMBER, or"
        " a cluster: dask:tcp://HOST:PORT, ray:ray://HOST:PORT from outside of it, ray:HOST:PORT from one of its machines",
    )
    batch_size: int = Field(
        default=200,
        gt=0,
        description="captures read and extracted by one task at most; fewer if their files are large",
    )
    read_seconds: float = Field(
        default=60.0,
        gt=0,
        description="seconds that reading one file, or one scanned page, may take; PDF, Office and OFD files are read in "
        "a process of their own, which is stopped then",
    )
    read_memory_mb: int = Field(
        default=4096,
        ge=512,
        description="address space in MiB of the process that reads files; scans by OCR take about 2000",
    )
    keep_releases: int = Field(
        default=30, ge=1, description="how many of the newest releases `nianbao releases gc` keeps"
    )
    keep_months: int = Field(
        default=24,
        ge=0,
        description="of how many months it keeps the first release besides, counted back from the newest",
    )

    storage: str = Field(
        default="",
        description="where archive, lake and releases last besides the home: s3://bucket/prefix (login and endpoint by AWS_ACCESS_KEY_ID,"
        " AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL …); several homes may share it",
    )
    warehouse: SecretStr | None = Field(
        default=None,
        description="the PostgreSQL database that holds the catalog of a warehouse on DuckLake, postgresql://user:password@host/name;"
        " without it the warehouse is a DuckDB file. Keep it in a file of mode 600 that the service reads its environment from",
    )
    warehouse_data: str = Field(
        default="",
        description="where such a warehouse keeps its Parquet files: a folder that all machines reach under the same path,"
        " or s3://bucket/prefix",
    )
    web_url: str = Field(
        default="http://127.0.0.1:8080",
        description="where people reach the pages that `nianbao serve` shows; links in Prefect and in alerts lead there",
    )
    prefect_database: SecretStr | None = Field(
        default=None,
        description="the PostgreSQL database of the Prefect server that `nianbao serve` starts, "
        "postgresql://user:password@host/name; without it, SQLite under the home. Keep it in a file of mode 600 that the "
        "service reads its environment from",
    )
    web_hosts: str = Field(
        default="",
        description="names that the web side answers for besides those of the loopback, comma separated, without "
        "ports; the name that people type when a reverse proxy passes it on",
    )
    alert_urls: SecretStr = Field(
        default=SecretStr(""),
        description="where alerts are sent: addresses of Apprise (docs/alerts.md), with blanks between; they hold passwords, so "
        "better use a file",
    )
    alert_urls_file: Path | None = Field(
        default=None,
        description="a file with such addresses, one a line; lines that begin with # are left out",
    )
    heartbeat_url: SecretStr = Field(
        default=SecretStr(""),
        description="asked for (GET) after each refresh that succeeded; a monitor elsewhere that misses it tells that the "
        "machine is off",
    )
    alert_nights: int = Field(
        default=3,
        ge=1,
        description="refreshes in a row in which a source does not answer, before that is an alert",
    )
    alert_silence_hours: float = Field(
        default=26.0,
        gt=0,
        description="hours without a refresh that published or found nothing new, before that is an alert",
    )
    alert_free_gb: float = Field(
        default=5.0,
        ge=0,
        description="free gigabytes (10^9 bytes) of the home's file system below which that is an alert",
    )
    clock_offset: float = Field(
        default=0.0,
        description="seconds by which the clock is moved; for rehearsals of nights to come or gone",
    )

    @field_validator("home", mode="before")
    @classmethod
    def _named(cls, value: object) -> object:
        if value == "":
            raise ValueError("it is empty; name a folder, or unset it for the default")
        return value

    @field_validator("data", "alert_urls_file", mode="before")
    @classmethod
    def _or_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("workers")
    @classmethod
    def _known_workers(cls, value: str) -> str:
        if not _WORKERS.fullmatch(value):
            raise ValueError(
                "it names no workers; give threads, processes, processes:NUMBER, dask:tcp://HOST:PORT, ray:ray://HOST:PORT or"
                " ray:HOST:PORT"
            )
        return value

    @field_validator("prefect_database", "warehouse")
    @classmethod
    def _postgres(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        scheme, found, rest = value.get_secret_value().partition("://")
        if not found or not rest or scheme not in _POSTGRES:
            raise ValueError(
                "it is not postgresql://user:password@host/name (what it holds is not shown, since it may be secret)"
            )
        # Prefect reaches it through a driver that its address names.
        return SecretStr(
            f"{'postgresql+asyncpg' if info.field_name == 'prefect_database' else 'postgresql'}://{rest}"
        )

    @field_validator("home", "data", mode="after")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value is not None else None

    @field_validator("resolve")
    @classmethod
    def _resolvable(cls, value: str) -> str:
        for entry in filter(None, (part.strip() for part in value.split(","))):
            if not _RESOLVE_ENTRY.fullmatch(entry):
                raise ValueError(
                    f"'{entry}' is not host=address:port, for instance www.a.test=127.0.0.1:8080"
                )
        return value

    @field_validator("contact")
    @classmethod
    def _header_safe(cls, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            raise ValueError("it is sent in an HTTP header, so it may hold printable ASCII characters only")
        return value

    @cached_property
    def connect_to(self) -> Mapping[str, tuple[str, int]]:
        """Host → (address, port), from `resolve`."""
        entries = (_RESOLVE_ENTRY.fullmatch(part.strip()) for part in self.resolve.split(",") if part.strip())
        return {m["host"].lower(): (m["address"].strip("[]"), int(m["port"])) for m in entries if m}

    @cached_property
    def web_host_names(self) -> tuple[str, ...]:
        """The names in `web_hosts`, lower case, IPv6 addresses without brackets."""
        names = (part.strip().lower().strip("[]") for part in self.web_hosts.split(","))
        return tuple(filter(None, names))

    @property
    def registry_link(self) -> Path:
        """The link by which a home remembers the registry that its reports were read with."""
        return self.home / "registry"

    @property
    def registry_folder(self) -> Path:
        """The registry in use: NIANBAO_DATA, else the one that the home remembers, else the bundled one."""
        if self.data is not None:
            return self.data
        return self.registry_link.readlink() if self.registry_link.is_symlink() else project_dir("data")

    @property
    def archive(self) -> Path:
        """WARC segments and their index."""
        return self.home / "archive"

    @property
    def lake(self) -> Path:
        """Parquet batches, one folder per extraction batch."""
        return self.home / "lake"

    @property
    def builds(self) -> Path:
        """Candidates."""
        return self.home / "builds"

    @property
    def differences(self) -> Path:
        """What other rules change in the rows of a release, one file per pair of rules versions; may be deleted."""
        return self.home / "differences"

    @property
    def releases(self) -> Path:
        """Published warehouses."""
        return self.home / "releases"

    @property
    def current(self) -> Path:
        """The link to the release that readers open."""
        return self.home / "current"

    @property
    def alerts(self) -> Path:
        """SQLite file of the alerts that are open and were resolved."""
        return self.home / "alerts.sqlite"

    @property
    def ledger(self) -> Path:
        """SQLite file of refreshes, outcomes and verdicts; also of refused and quiet nights."""
        return self.home / "ledger.sqlite"

    @property
    def harvest_memory(self) -> Path:
        """SQLite file of what the harvest knows about addresses; may be deleted."""
        return self.home / "harvest.sqlite"

    @property
    def cache(self) -> Path:
        """What may be deleted at any time: dbt's parse cache."""
        return self.home / "cache"

    @property
    def logs(self) -> Path:
        """Log files of runs."""
        return self.home / "logs"


def library_environment(settings: Settings) -> None:
    """Sets the switches of the libraries, where the user has not: no telemetry, own Prefect home, patience.

    A fresh Prefect home creates its database at the first start, which takes longer than Prefect waits by default.
    """
    defaults = {
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        # Failures are told by the command in a sentence; Prefect's tracebacks go to its server, not to the terminal.
        # A server that is gone is waited for at each word to it, twice as long at each try: 14 seconds, not a minute.
        "PREFECT_CLIENT_MAX_RETRIES": "3",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "nianbao",
    }
    if not os.environ.get("PREFECT_API_URL"):
        defaults["PREFECT_HOME"] = str(settings.home / "prefect")
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
