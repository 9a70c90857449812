"""What Ansible works with: projects, inventories, playbooks, runs. Plain types and rules, nothing is read or run."""
