"""A certificate of the office's own, for the names and addresses of one computer.

It is signed by an authority that is made for it alone, vouches for these names and no others, and whose key is thrown
away: other computers are told once to trust the authority, and nobody can ever sign anything else with it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.model.errors import ConfigError, UsageError
from archive.support.files import replacing
from archive.support.storage_errors import storage_errors

DAYS = 825
"""How long it holds: the longest that all browsers accept."""

CERTIFICATE, KEY, AUTHORITY = "server.pem", "server-key.pem", "wenshi-root.crt"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def names_here() -> list[str]:
    """What this computer is called in its network: its name and its addresses."""
    name = socket.gethostname()
    found = [name] if name.isascii() else []
    for family, asked in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        # Nothing is sent: this only asks which address would be used.
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as way:
            way.connect((asked, 9))
            found.append(str(way.getsockname()[0]))
    return [one for one in dict.fromkeys(found) if not one.startswith(("127.", "::1", "fe80"))]


def make(names: Sequence[str], folder: Path) -> datetime:
    """Write certificate, key and authority into a folder; until when they hold.

    Raises UsageError for a name that cannot be in one, ConfigError where cryptography is missing, StorageError.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
    except ImportError:
        hint = "请在别的电脑上做好拿来，或让 nginx 一类的代理来做。"
        raise ConfigError("这台电脑上没有 cryptography，不能做证书。", hint=hint) from None
    addresses, hosts = _parted(names)
    begins = datetime.now(UTC) - timedelta(days=1)  # clocks differ
    until = begins + timedelta(days=DAYS)

    def begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
        made = made.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(until)
        return made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)

    def titled(title: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = titled(f"wenshi {names[0]}")
    only = [x509.DNSName(one) for one in hosts] or [x509.DNSName("invalid")]
    networks = [x509.IPAddress(ipaddress.ip_network(one)) for one in addresses]
    signing = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = (
        begun(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signing, critical=True)
        .add_extension(x509.NameConstraints([*only, *(networks or _no_address())], None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    server = (
        begun(titled(names[0]), root_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([*map(x509.DNSName, hosts), *map(x509.IPAddress, addresses)]), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    _write(folder, KEY, secret)
    _write(folder, CERTIFICATE, server.public_bytes(pem) + root.public_bytes(pem))
    _write(folder, AUTHORITY, root.public_bytes(pem))
    return until


def _no_address() -> list[object]:
    """A constraint under which no address is vouched for."""
    from cryptography import x509

    return [x509.IPAddress(ipaddress.ip_network("0.0.0.0/32"))]


def _parted(names: Sequence[str]) -> tuple[list[Address], list[str]]:
    """The addresses and the host names among them. Raises UsageError."""
    addresses: list[Address] = []
    hosts: list[str] = []
    for name in names:
        bare = name.strip("[]").rstrip(".").lower()
        with suppress(ValueError):
            addresses.append(ipaddress.ip_address(bare))
            continue
        parts = bare.split(".")
        plain = all(part and part.replace("-", "a").isalnum() and part.isascii() for part in parts)
        if not plain or len(bare) > 253:
            hint = "写这台电脑的名称（只有字母、数字、连字符和点）或地址，例如 wenshi-pc、192.168.1.20。"
            raise UsageError(f"“{name[:60]}”不能写进证书。", hint=hint)
        hosts.append(bare)
    return addresses, hosts


def _write(folder: Path, name: str, data: bytes) -> None:
    with storage_errors(folder / name, "证书没有写成"):
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / name) as fresh:
            fresh.chmod(0o600)  # before there is anything in it
            fresh.write_bytes(data)
