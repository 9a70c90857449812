"""The only way out: Ansible's programs, and the files that they and the runs have."""
