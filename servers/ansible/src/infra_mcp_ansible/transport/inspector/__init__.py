"""Asks Ansible itself what inventories and playbooks hold, in a process of its own, for all of this but `protocol`."""
