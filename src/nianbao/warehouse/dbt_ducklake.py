"""What dbt needs to build on DuckLake: extensions and logins for its connection, the candidate as the default of each cursor.

dbt loads this by name (dbt_project/profiles.yml, target lake).
"""

from __future__ import annotations

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from nianbao.warehouse.ducklake import DuckLake

# The candidate that is built: one at a time in a process, set by transform.
building: DuckLake | None = None


class Plugin(BasePlugin):
    """Prepares dbt's connection before it attaches the candidate."""

    def configure_connection(self, conn: Any) -> None:
        """Loads extensions and logins."""
        if building is None:
            raise ValueError("no candidate on DuckLake is being built; call nianbao.warehouse.transform")
        building.prepare(conn)

    def configure_cursor(self, cursor: Any) -> None:
        """Makes the candidate the database in which names are looked up."""
        cursor.execute("use candidate")
