"""Run a cluster by itself: prints the settings that reach it as one JSON object, and lasts until its input ends."""

import argparse
import json
import sys

from sandbox.proxmox import FakeProxmox


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.proxmox", description=__doc__)
    parser.add_argument("--guests", type=int, default=3, help="how many stopped VMs it has, from id 100 (default: 3)")
    parser.add_argument("--nodes", type=int, default=3, help="on how many nodes (default: 3)")
    parser.add_argument("--version", choices=["7.4", "8.4", "9.1"], default="9.1", help="which Proxmox VE it is")
    asked = parser.parse_args()
    with FakeProxmox([f"pve{number}" for number in range(1, asked.nodes + 1)], version=asked.version) as pve:
        for number in range(asked.guests):
            pve.add_guest(100 + number, node=f"pve{1 + number % asked.nodes}")
        print(json.dumps(pve.environment()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
