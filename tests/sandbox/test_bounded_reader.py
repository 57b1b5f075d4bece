"""The worker: same texts as in-process, and no file can stop, kill, fill or confuse what reads the next one."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.model import Block, Document, Outcome, UnreadableError
from nianbao.reading import read_document
from nianbao.sandbox import BoundedReader
from nianbao.sandbox.frames import packed, read_frame, unpacked, write_frame

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
ROOT = SAMPLES.parents[1]


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(objects: list[bytes]) -> bytes:
    """A PDF of raw objects; the first is the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    shrunk = zlib.compress(data)
    return b"<</Length %d/Filter/FlateDecode%s>>stream\n%s\nendstream" % (len(shrunk), entries, shrunk)


def drawing(content: bytes, more: list[bytes], resources: bytes) -> bytes:
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources,
            stream(content),
            *more,
        ]
    )


def endless_pdf() -> bytes:
    """A page of 150 MB of drawing instructions in some 150 KB: each is quick, together they take minutes."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    instructions = b"BT /F 12 Tf 1 0 0 1 72 700 Tm (1234567890) Tj ET\n" * 3_000_000
    return drawing(instructions, [font], b"/Font<</F 5 0 R>>")


@pytest.fixture(scope="module")
def slow() -> bytes:
    return endless_pdf()


@pytest.fixture(scope="module")
def reader():
    with BoundedReader(seconds=60, memory_mb=4096) as opened:
        yield opened


@pytest.mark.parametrize("name", ["report.doc", "notes.wps", "rich_text.doc"])
def test_a_file_reads_the_same_in_the_worker(reader: BoundedReader, name: str) -> None:
    body = (SAMPLES / name).read_bytes()
    assert reader.read(body) == read_document(body)


def test_pages_and_texts_are_read_here_and_say_the_same(reader: BoundedReader) -> None:
    body = "<html><title>a</title><p>全年召开会议35次。</p><a href='b.pdf'>附件</a></html>".encode("gb18030")
    given = {"content_type": "text/html; charset=gbk", "url": "http://a.test/x/"}
    assert reader.read(body, **given) == read_document(body, **given)


def test_sentences_and_outcomes_come_through(reader: BoundedReader) -> None:
    for body, outcome in (
        (b"PK\x03\x04 and no more", Outcome.UNREADABLE),
        (b"%PDF-1.4 cut", Outcome.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), Outcome.UNSUPPORTED_FORMAT),
    ):
        with pytest.raises(UnreadableError) as here:
            read_document(body)
        with pytest.raises(UnreadableError) as there:
            reader.read(body)
        assert (str(there.value), there.value.outcome) == (str(here.value), here.value.outcome)
        assert here.value.outcome is outcome


def test_threads_share_it_and_each_gets_its_own_text() -> None:
    with BoundedReader(workers=2) as reader, ThreadPoolExecutor(8) as pool:
        bodies = {f"第{number}份报告，办件{number * 7}件。": number for number in range(40)}
        texts = pool.map(lambda text: (text, reader.read(word(text)).text), bodies)
        assert all(text == read for text, read in texts)


def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_is_read(slow: bytes) -> None:
    with BoundedReader(seconds=1.5) as reader:
        with pytest.raises(UnreadableError, match=r"more than 1.5 seconds.*NIANBAO_READ_SECONDS") as caught:
            reader.read(slow)
        assert caught.value.outcome is Outcome.OVERSIZED
        assert reader.read(word("下一份报告。")).text == "下一份报告。"


def test_a_file_that_fills_the_memory_is_stopped_and_the_next_one_is_read() -> None:
    dice = random.Random(1)
    runs = "".join(f"<w:p><w:r><w:t>{dice.getrandbits(64)}</w:t></w:r></w:p>" for _ in range(400_000))
    source = io.BytesIO(word("x"))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:body>", b"<w:body>" + runs.encode())
            new.writestr(name, data)
    with BoundedReader(memory_mb=384) as reader:
        with pytest.raises(UnreadableError, match="NIANBAO_READ_MEMORY_MB"):
            reader.read(out.getvalue())
        assert reader.read(word("下一份报告。")).text == "下一份报告。"


def test_a_worker_that_is_killed_in_the_middle_costs_its_file_only(slow: bytes) -> None:
    with BoundedReader(seconds=60) as reader, ThreadPoolExecutor(1) as pool:
        reader.read(word("启动。"))
        worker = reader.pids[0]
        pending = pool.submit(reader.read, slow)
        time.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(UnreadableError, match=r"crashed \(SIGKILL\)") as caught:
            pending.result(30)
        assert caught.value.outcome is Outcome.UNREADABLE
        assert reader.read(word("下一份报告。")).text == "下一份报告。"


def test_a_worker_that_was_killed_while_idle_costs_nothing() -> None:
    with BoundedReader() as reader:
        reader.read(word("启动。"))
        os.kill(reader.pids[0], signal.SIGKILL)
        time.sleep(0.1)
        assert reader.read(word("下一份报告。")).text == "下一份报告。"


def test_the_worker_is_reused_and_gone_after_close() -> None:
    reader = BoundedReader()
    reader.read(word("一。"))
    first = reader.pids
    reader.read(word("二。"))
    assert reader.pids == first and len(first) == 1
    reader.close()
    assert _gone(first[0])
    with pytest.raises(RuntimeError, match="closed"):
        reader.read(word("三。"))


def test_the_worker_ends_with_a_parent_that_is_killed(tmp_path: Path, slow: bytes) -> None:
    file = tmp_path / "slow.pdf"
    file.write_bytes(slow)
    program = (
        "import sys, threading, time; from pathlib import Path; from nianbao.sandbox import BoundedReader\n"
        "reader = BoundedReader(seconds=600)\n"
        "try: reader.read(b'PK\\x03\\x04')\n"
        "except Exception: pass\n"
        "print(reader.pids[0], flush=True)\n"
        "reader.read(Path(sys.argv[1]).read_bytes())\n"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while not _gone(worker) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _gone(worker)


def test_an_interrupted_reading_leaves_no_answer_for_the_next_file(monkeypatch: pytest.MonkeyPatch) -> None:
    with BoundedReader() as reader:
        reader.read(word("启动。"))
        before = reader.pids
        from nianbao.sandbox import process

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(process, "read_frame", interrupted)
            with pytest.raises(KeyboardInterrupt):
                reader.read(word("被打断的报告。"))
        assert reader.read(word("下一份报告。")).text == "下一份报告。"
        assert reader.pids != before


def test_a_worker_that_does_not_come_up_is_not_blamed_on_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with BoundedReader() as reader, pytest.raises(RuntimeError, match=r"does not come up \(exit code 1\)"):
        reader.read(word("一。"))
    with pytest.raises(ValueError, match="too little"):
        BoundedReader(memory_mb=16)


def test_the_worker_writes_no_files_and_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_TEST_SECRET", "geheim")
    with BoundedReader() as reader:
        reader.read(word("启动。"))
        limits = Path(f"/proc/{reader.pids[0]}/limits")
        if not limits.exists():
            pytest.skip("this system has no /proc")
        assert any(
            line.startswith("Max file size") and line.split()[3] == "0"
            for line in limits.read_text().splitlines()
        )
        assert b"geheim" not in Path(f"/proc/{reader.pids[0]}/environ").read_bytes()


_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)


@given(
    st.builds(
        Document,
        text=st.just("甲乙丙丁\ud800戊"),
        blocks=st.lists(
            st.builds(
                Block,
                st.integers(0, 2),
                st.integers(2, 6),
                st.none() | st.integers(0, 9),
                st.none() | st.integers(1, 9),
            ),
            max_size=3,
        ).map(tuple),
        media_type=_TEXT,
        encoding=_TEXT,
        title=_TEXT,
        meta=st.dictionaries(_TEXT, _TEXT, max_size=3),
        attachments=st.lists(st.tuples(_TEXT, _TEXT), max_size=3).map(tuple),
        warnings=st.lists(_TEXT, max_size=3).map(tuple),
        ocr_confidence=st.none() | st.floats(0, 1),
    )
)
def test_documents_survive_the_way_between_processes(document: Document) -> None:
    pipe = io.BytesIO()
    write_frame(pipe, {"document": packed(document)}, b"bytes")
    pipe.seek(0)
    frame = read_frame(pipe)
    assert frame is not None
    assert unpacked(frame[0]["document"]) == document and frame[1] == b"bytes"
    assert read_frame(pipe) is None


@pytest.mark.parametrize(
    "change",
    [
        {"text": 3},
        {"blocks": [[0, 99, None, None]]},
        {"meta": []},
        {"attachments": ["x"]},
        {"ocr_confidence": "x"},
    ],
)
def test_what_is_no_document_is_not_taken_for_one(change: dict[str, object]) -> None:
    whole = packed(Document("甲乙", (Block(0, 2),), "text/plain"))
    with pytest.raises((ValueError, TypeError, AttributeError)):
        unpacked(whole | change)


def _gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        try:
            os.kill(pid, 0)
        except OSError:
            return True
        return False
    return state == "Z"
