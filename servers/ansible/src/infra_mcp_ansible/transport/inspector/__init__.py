"""Asks Ansible itself what an inventory and a playbook hold. Only its own process imports the modules in here."""
