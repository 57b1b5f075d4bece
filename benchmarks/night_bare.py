"""The bare cost of a quiet night for benchmarks/night.py: its very requests, with requests.Session and nothing else.

    python benchmarks/night_bare.py PLAN

PLAN is JSON: port of the sites, threads, and hosts, each a list of (path, ETag, Last-Modified). A host's requests follow each other
on one connection, as many hosts are asked at once as there are threads. Prints the answers by status.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests


def main() -> None:
    """Makes the requests of the plan."""
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))

    def ask(host: str) -> Counter[int]:
        answers = Counter[int]()
        with requests.Session() as session:
            session.trust_env = False
            for path, etag, modified in plan["hosts"][host]:
                headers = {"Host": host, "If-None-Match": etag, "If-Modified-Since": modified}
                answer = session.get(
                    f"http://127.0.0.1:{plan['port']}{path}",
                    headers={name: value for name, value in headers.items() if value},
                    timeout=30,
                )
                answers[answer.status_code] += 1
        return answers

    with ThreadPoolExecutor(plan["threads"]) as pool:
        print(json.dumps(sum(pool.map(ask, plan["hosts"]), Counter())))


if __name__ == "__main__":
    main()
