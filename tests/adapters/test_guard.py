"""Which addresses are the internet's: every range that is not, in every spelling that stands for one."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.adapters.http.addresses import refusal

INSIDE = {
    "this network": "0.0.0.0", "private": "10.1.2.3", "private, 172": "172.16.0.1", "private, 192": "192.168.0.1",
    "loopback": "127.0.0.1", "link-local, metadata": "169.254.169.254", "shared": "100.64.0.1", "Alibaba's metadata": "100.100.100.200",
    "protocols": "192.0.0.1", "protocols, 8": "192.0.0.8", "metadata of Oracle": "192.0.0.192", "metadata of Azure": "168.63.129.16", "examples": "192.0.2.1", "examples, 198": "198.51.100.1", "examples, 203": "203.0.113.1",
    "benchmarks": "198.18.0.1", "multicast": "224.0.0.1", "reserved": "240.0.0.1", "broadcast": "255.255.255.255", "6to4 relays": "192.88.99.1",
    "v6 unspecified": "::", "v6 loopback": "::1", "v6 link-local": "fe80::1", "v6 link-local with zone": "fe80::1%eth0",
    "v6 site-local": "fec0::1", "v6 unique local": "fd00:ec2::254", "v6 multicast": "ff02::1", "v6 discard": "100::1",
    "v6 examples": "2001:db8::1", "v6 examples, new": "3fff::1", "v6 segments": "5f00::1", "v6 ORCHID": "2001:10::1",
    "v6 benchmarks": "2001:2::1", "v6 unallocated": "4000::1",
    "compatible": "::127.0.0.1", "compatible, public": "::93.184.215.14", "mapped": "::ffff:10.0.0.1",
    "translated": "::ffff:0:127.0.0.1", "translated, public": "::ffff:0:93.184.215.14",
    "NAT64": "64:ff9b::169.254.169.254", "NAT64, local": "64:ff9b:1::1", "NAT64, local and public": "64:ff9b:1::93.184.215.14",
    "6to4": "2002:a9fe:a9fe::", "6to4, loopback": "2002:7f00:1::1", "Teredo": "2001:0:5db8:d70e::f5ff:fffe",
    "Teredo's server": "2001:0:a00:1::a247:28f1",
    "ISATAP": "2a00:1450::5efe:10.0.0.1", "ISATAP, universal": "2a00:1450::200:5efe:10.0.0.1", "ISATAP, link": "fe80::5efe:93.184.215.14",
    "no address": "example.org",
}  # fmt: skip
OUTSIDE = ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001::8a", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14"]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE)
def test_what_is_not_the_internet_is_refused(address: str) -> None:
    """Each special range of the registries, and each form in which IPv6 carries an IPv4 address."""
    assert refusal("host", address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_the_internet_is_fetched(address: str) -> None:
    """Ordinary addresses, and public ones behind an IPv6-only network's translator."""
    assert refusal("host", address) is None


PREFIXES = ["::{}", "::ffff:{}", "::ffff:0:{}", "64:ff9b::{}", "64:ff9b:1::{}", "2a00:1450::5efe:{}", "2a00:1450::200:5efe:{}"]  # fmt: skip


@settings(deadline=None)
@given(st.ip_addresses(v=4), st.sampled_from(PREFIXES))
def test_no_form_of_a_private_address_passes(address: ipaddress.IPv4Address, form: str) -> None:
    """Whatever is refused as itself is refused in every dress."""
    if refusal("host", str(address)):
        assert refusal("host", form.format(address))


@settings(deadline=None)
@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_refused(address: ipaddress.IPv6Address) -> None:
    """Nothing that ``ipaddress`` knows as special is let through."""
    translated = address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")
    special = address.is_private or address.is_reserved or address.is_site_local or address.is_multicast
    if special and not translated:
        assert refusal("host", str(address))
