"""No address of a network that is not the public internet is ever connected to, unless the operator says so."""

import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from small_site import HOST, fetcher, look, settings, source

from nianbao.harvest import transport
from nianbao.harvest.fetcher import Fetcher
from nianbao.harvest.network import is_public
from nianbao.model import Outcome

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.255", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1",
    "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "2002:7f00:1::", "2002:0a00:0001::1", "64:ff9b::127.0.0.1", "64:ff9b::192.168.0.1", "64:ff9b:1::1", "::127.0.0.1",
    "fec0::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1",
    "183.194.252.110",
    "100.63.255.255",
    "2606:4700:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::1.1.1.1",
]


def test_the_public_internet_is_told_from_the_rest():
    assert [address for address in PRIVATE if is_public(address)] == []
    assert [address for address in PUBLIC if not is_public(address)] == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "[::1]", "[::ffff:7f00:1]"],
)
def test_no_way_of_writing_it_leads_to_the_own_machine(site, host):
    address = f"http://{host}:{site.server_port}/ok"
    exchange = Fetcher(settings()).visit(source(listings=(address,))).get(address)
    assert exchange.outcome in (Outcome.HOST_NOT_ALLOWED, Outcome.UNREACHABLE), exchange.sentence
    assert site.seen == []
    assert site.connections == 0


def test_a_private_address_is_refused_in_a_sentence(site):
    address = f"http://127.0.0.1:{site.server_port}/ok"
    exchange = Fetcher(settings()).visit(source(listings=(address,))).get(address)
    assert exchange.outcome is Outcome.HOST_NOT_ALLOWED
    assert "127.0.0.1 leads to 127.0.0.1, which is no public address" in exchange.sentence


def test_a_simulated_source_may_lie_there(site):
    address = f"http://127.0.0.1:{site.server_port}/ok"
    exchange = Fetcher(settings()).visit(source(listings=(address,), simulated=True)).get(address)
    assert exchange.outcome is Outcome.OK


def test_what_one_simulated_source_may_another_source_may_not(site):
    address = f"http://127.0.0.1:{site.server_port}/ok"
    shared = Fetcher(settings())
    assert shared.visit(source(listings=(address,), simulated=True)).get(address).outcome is Outcome.OK
    assert shared.visit(source(listings=(address,))).get(address).outcome is Outcome.HOST_NOT_ALLOWED
    assert site.count("/ok") == 1


def test_a_redirect_to_a_private_address_is_not_followed(site):
    inside = f"http://localhost:{site.server_port}/ok"
    site.answers["/inside"] = (302, b"", {"Location": inside})
    of = source(hosts=("localhost",), listings=(f"http://{HOST}/list", inside))
    exchange = look(site, "/inside", of=of)
    assert exchange.outcome is Outcome.HOST_NOT_ALLOWED
    assert "no public address" in exchange.sentence
    assert site.paths() == ["/inside"]


def test_a_name_is_looked_up_once_and_what_it_said_is_connected_to(monkeypatch):
    """A name that is public when it is judged, and private when it is connected to, gains nothing."""
    said, connected = [], []

    def looked_up(host, port, *args, **kwargs):
        said.append(host)
        address = "1.1.1.1" if len(said) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    def connect(self, address):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(transport.socket, "getaddrinfo", looked_up)
    monkeypatch.setattr(transport._TimedSocket, "connect", connect, raising=False)
    listing = "http://www.a.gov.cn/list"
    visit = Fetcher(settings(), sleep=lambda s: None).visit(source(listings=(listing,)))
    visit.get(listing)
    assert (said, connected) == (["www.a.gov.cn"], ["1.1.1.1"])


def test_of_several_addresses_only_the_public_ones_are_tried(monkeypatch):
    connected = []

    def connect(self, address):
        connected.append(address[0])
        raise ConnectionRefusedError

    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in ("10.0.0.1", "1.1.1.1", "127.0.0.1")
    ]
    monkeypatch.setattr(transport.socket, "getaddrinfo", lambda *args, **kwargs: found)
    monkeypatch.setattr(transport._TimedSocket, "connect", connect, raising=False)
    listing = "http://www.a.gov.cn/list"
    Fetcher(settings()).visit(source(listings=(listing,))).get(listing)
    assert connected == ["1.1.1.1"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("file:///etc/passwd", "neither http nor https"),
        ("ftp://www.qinghe.gov.test/x", "neither http nor https"),
        ("http://[bad/x", "not an address"),
        ("http://www.qinghe.gov.test:99999/x", "not an address"),
        ("http://elsewhere.test/x", "does not allow"),
        ("http://www.qinghe.gov.test.elsewhere.test/x", "does not allow"),
        ("http://elsewhere.test\\@www.qinghe.gov.test/x", ""),
        ("http://user:pw@www.qinghe.gov.test/x", "a user's name"),
        ("http://www.qinghe.gov.test:22/x", "port 22"),
        ("http:///x", "does not allow"),
        ("", "neither http nor https"),
    ],
)
def test_only_web_addresses_of_allowed_hosts_and_ports_are_asked(site, url, says):
    exchange = fetcher(site).visit(source()).get(url)
    assert exchange.outcome is Outcome.HOST_NOT_ALLOWED
    assert says in exchange.sentence
    assert site.seen == []


def test_a_port_that_a_listing_names_is_asked(site):
    of = source(listings=(f"http://{HOST}:8080/list",))
    exchange = fetcher(site).visit(of).get(f"http://{HOST}:8080/ok")
    assert exchange.outcome is Outcome.OK
    assert site.seen[-1][0] == f"{HOST}:8080"


def test_cookies_do_not_pile_up(site):
    def generous(handler):
        number = len(handler.server.seen)
        return 200, b"here", {"Set-Cookie": f"c{number}={'x' * 3000}"}

    site.answers |= {f"/{n}": generous for n in range(12)}
    visit = fetcher(site).visit(source())
    for n in range(12):
        assert visit.get(site.url(f"/{n}")).outcome is Outcome.OK
    assert 3_000 < max(len(headers.get("Cookie", "")) for *_, headers in site.seen) < 20_000


# --- TLS ---


@pytest.fixture
def secure(tmp_path):
    """A site with a certificate that nobody vouches for; yields its port and the certificate."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate and is not installed")
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run(
        [*command.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run():
            while True:
                try:
                    client, _ = listening.accept()
                    with context.wrap_socket(client, server_side=True) as channel:
                        asked = channel.recv(65536)
                        if b"/drip" in asked:
                            channel.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                            for _ in range(100):
                                channel.sendall(b"y")
                                time.sleep(0.02)
                        channel.sendall(
                            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere"
                        )
                except ssl.SSLError:
                    continue
                except OSError:
                    if listening.fileno() < 0:
                        return

        threading.Thread(target=run, daemon=True).start()
        yield listening.getsockname()[1], certificate
        listening.shutdown(socket.SHUT_RDWR)


def test_a_certificate_is_verified_also_for_a_simulated_source(secure):
    url = f"https://localhost:{secure[0]}/ok"
    exchange = Fetcher(settings()).visit(source(listings=(url,), simulated=True)).get(url)
    assert exchange.outcome is Outcome.UNREACHABLE
    assert "certificate verify failed" in exchange.sentence


def test_a_certificate_that_is_vouched_for_is_good_and_what_comes_is_timed(secure):
    port, certificate = secure
    transport._tls.cache_clear()
    transport._tls().load_verify_locations(certificate)
    try:
        url = f"https://localhost:{port}/ok"
        visit = Fetcher(settings(connect_timeout=0.3, fetch_timeout=0.3)).visit(
            source(listings=(url,), simulated=True)
        )
        assert visit.get(url).body == b"here"
        assert visit.get(f"https://localhost:{port}/drip").outcome in (
            Outcome.TIMEOUT,
            Outcome.BROKEN_TRANSFER,
        )
    finally:
        transport._tls.cache_clear()
