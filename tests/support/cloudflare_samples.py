"""One right record of every type that Cloudflare knows, in the form its API takes."""

from typing import Any

_HEX = "ab" * 32

SAMPLES: dict[str, dict[str, Any]] = {
    "A": {"name": "a", "content": "192.0.2.1"},
    "AAAA": {"name": "aaaa", "content": "2001:db8::1"},
    "CAA": {"name": "caa", "data": {"flags": 0, "tag": "issue", "value": "letsencrypt.org"}},
    "CERT": {"name": "cert", "data": {"type": 1, "key_tag": 1, "algorithm": 8, "certificate": "AQID"}},
    "CNAME": {"name": "cname", "content": "target.example.net"},
    "DNSKEY": {"name": "dnskey", "data": {"flags": 257, "protocol": 3, "algorithm": 13, "public_key": "AQID"}},
    "DS": {"name": "ds", "data": {"key_tag": 1, "algorithm": 13, "digest_type": 2, "digest": _HEX}},
    "HTTPS": {"name": "https", "data": {"priority": 1, "target": ".", "value": 'alpn="h3,h2"'}},
    "LOC": {
        "name": "loc",
        "data": {
            "lat_degrees": 37,
            "lat_minutes": 46,
            "lat_seconds": 46,
            "lat_direction": "N",
            "long_degrees": 122,
            "long_minutes": 23,
            "long_seconds": 35,
            "long_direction": "W",
            "altitude": 0,
            "size": 100,
            "precision_horz": 0,
            "precision_vert": 0,
        },
    },
    "MX": {"name": "mx", "content": "mail.example.net", "priority": 10},
    "NAPTR": {
        "name": "naptr",
        "data": {
            "order": 100,
            "preference": 10,
            "flags": "S",
            "service": "SIP+D2U",
            "regex": "",
            "replacement": "_sip._udp.example.net",
        },
    },
    "NS": {"name": "ns", "content": "ns1.example.net"},
    "OPENPGPKEY": {"name": "openpgpkey", "content": "AQID"},
    "PTR": {"name": "ptr", "content": "host.example.net"},
    "SMIMEA": {"name": "smimea", "data": {"usage": 3, "selector": 0, "matching_type": 1, "certificate": _HEX}},
    "SRV": {
        "name": "_sip._tcp",
        "data": {"priority": 10, "weight": 5, "port": 5060, "target": "sip.example.net"},
    },
    "SSHFP": {"name": "sshfp", "data": {"algorithm": 4, "type": 2, "fingerprint": _HEX}},
    "SVCB": {"name": "svcb", "data": {"priority": 1, "target": "svc.example.net", "value": "port=8443"}},
    "TLSA": {"name": "_443._tcp", "data": {"usage": 3, "selector": 1, "matching_type": 1, "certificate": _HEX}},
    "TXT": {"name": "txt", "content": '"v=spf1 -all"'},
    "URI": {"name": "uri", "data": {"weight": 1, "target": "https://example.net/"}, "priority": 10},
}
